import { type EnergyRole, nearest } from '@benchlab-otel/core';
import type { RelativeBudget, RelativeFunction } from '../budget/relativeBudget.ts';
import { dividedEnergy } from '../energy/dividedEnergy.ts';
import { energyText } from '../energy/estimate/estimateText.ts';
import type { OperationSummary } from '../operations/operations.ts';
import { unitsOf, withoutUnit } from '../operations/workUnit.ts';
import type { FigureScale } from './figurePair.ts';

/** What one run showed, as far as budgets relative to a baseline need it. */
export interface RunFigures {
  readonly operations: readonly OperationSummary[];
  /** Spans that were sent are missing from the operations: their number is not known to be 0. */
  readonly spansAreMissing: boolean;
  /** Mean power while the program ran, by rails. Absent without a meter, and where samples cover too little of the run. */
  readonly watts: Readonly<Partial<Record<EnergyRole, number>>>;
}

/** The figure of one run and the calls that it is of (0 for `watts`), or why there is none. */
export type RunFigure =
  | { readonly value: number; readonly calls: number }
  /**
   * `isGap`: the meter left a gap, as it can in any run. Otherwise the program did not show what was asked.
   * `spansAreMissing`: it was sent, or is not known not to be, and did not arrive.
   */
  | { readonly missing: string; readonly isGap: boolean; readonly spansAreMissing?: true };

/** The figure of each function in its base unit: seconds, joules, watts, or the share of calls that failed. */
const figures: Readonly<Partial<Record<RelativeFunction, (operation: OperationSummary) => number>>> = {
  p50: ({ p50Seconds }) => p50Seconds,
  p90: ({ p90Seconds }) => p90Seconds,
  p95: ({ p95Seconds }) => p95Seconds,
  p99: ({ p99Seconds }) => p99Seconds,
  max: ({ maxSeconds }) => maxSeconds,
  mean: ({ meanSeconds }) => meanSeconds,
  errors: ({ errors, calls }) => errors / calls,
};

/** How figures of a function are compared: failed calls are often 0 of all, and 0 has no ratio. */
export function scaleOf({ function: fn }: RelativeBudget): FigureScale {
  return fn === 'errors' ? 'share' : 'ratio';
}

/**
 * The one figure that a run gives to a comparison. Calls within a run share its moment, its memory layout and its
 * neighbours: a thousand calls are not a thousand independent figures.
 */
export function runFigure(budget: RelativeBudget, run: RunFigures): RunFigure {
  if (budget.function === 'watts') return wattsFigure(budget, run);
  if (run.spansAreMissing) {
    return { missing: 'spans that it sent are missing from its figures', isGap: false, spansAreMissing: true };
  }
  const named = run.operations.filter(({ name, label }) => label === budget.operation || name === budget.operation);
  const operation = named[0];
  if (operation === undefined) return { missing: absent(budget.operation, run.operations), isGap: false };
  if (named.length > 1) return { missing: severalKinds(named), isGap: false };
  if (budget.function === 'joules') return joulesFigure(budget, operation);
  const value = figures[budget.function]?.(operation) ?? Number.NaN;
  return comparable(value, scaleOf(budget), operation.calls);
}

function wattsFigure({ role }: RelativeBudget, { watts }: RunFigures): RunFigure {
  const value = watts[role];
  if (value === undefined) return { missing: `samples of the ${role} rails do not cover it`, isGap: true };
  return comparable(value, 'ratio', 0);
}

function joulesFigure({ role, per }: RelativeBudget, operation: OperationSummary): RunFigure {
  const energy = operation.energy?.roles[role];
  if (energy === undefined) return { missing: `no samples of the ${role} rails fall on its calls`, isGap: true };
  const parts = per === undefined ? operation.energy?.calls : unitsOf(operation, per);
  if (parts === undefined) return { missing: withoutUnit(operation, per ?? ''), isGap: false };
  const whole = dividedEnergy(energy.whole, parts);
  return whole.kind === 'none'
    ? { missing: energyText(whole), isGap: true }
    : comparable(whole.joules, 'ratio', operation.calls);
}

function comparable(value: number, scale: FigureScale, calls: number): RunFigure {
  if (scale === 'ratio' ? value > 0 && value < Number.POSITIVE_INFINITY : value >= 0) return { value, calls };
  return { missing: `its figure is ${value}, which has no ratio`, isGap: false };
}

/** A client and a server of one name are two operations: the figure of one would stand for both. */
function severalKinds(named: readonly OperationSummary[]): string {
  return `several operations have this name; write ${named.map(({ label }) => label).join(' or ')}`;
}

const maxNames = 10;

function absent(wanted: string, operations: readonly OperationSummary[]): string {
  if (operations.length === 0) return 'it sent no span';
  const names = operations.map(({ name }) => name);
  const near = nearest(wanted, names);
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  return `it sent no span named "${wanted}"${hint}; what arrived: ${names.slice(0, maxNames).join(', ')}${more}`;
}
