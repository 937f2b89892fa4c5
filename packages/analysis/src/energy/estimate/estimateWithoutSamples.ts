import type { EnergyEstimate, NoFigure, OperationEnergy } from './energyEstimate.ts';
import type { ValidCalls } from './validCalls.ts';

/** The calls of each operation, and one reason why none has a figure. */
export function estimateWithoutSamples(
  valid: readonly ValidCalls[],
  none: NoFigure,
): Pick<EnergyEstimate, 'operations' | 'total'> {
  const operations = valid.map((calls) => withoutSamples(calls, none));
  const sum = (of: (operation: OperationEnergy) => number) =>
    operations.reduce((total, operation) => total + of(operation), 0);
  const total = {
    calls: sum((operation) => operation.calls),
    seconds: sum((operation) => operation.seconds),
    weightedSeconds: sum((operation) => operation.weightedSeconds),
    coverage: 0,
    whole: none,
    added: none,
  };
  return { operations, total };
}

function withoutSamples({ name, starts, ends, weights }: ValidCalls, none: NoFigure): OperationEnergy {
  let seconds = 0;
  let weightedSeconds = 0;
  for (let k = 0; k < starts.length; k++) {
    seconds += (ends[k] ?? 0) - (starts[k] ?? 0);
    weightedSeconds += ((ends[k] ?? 0) - (starts[k] ?? 0)) * (weights[k] ?? 0);
  }
  return { name, calls: starts.length, seconds, weightedSeconds, coverage: 0, whole: none, added: none };
}
