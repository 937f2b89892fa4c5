import type { AddedEnergy, WholeEnergy } from './estimate/energyEstimate.ts';
import type { MeterModel } from './estimate/meterModel.ts';
import { addErrors, figureOf, meterUncertainty } from './estimate/meterUncertainty.ts';
import type { RoleIdlePower } from './idlePower.ts';

/** What of the whole is beyond the power of the bench at rest, and that power times the time. */
export interface ActiveEnergy {
  readonly active: AddedEnergy;
  readonly idleJoules: number;
}

/**
 * The whole less the power at rest times the time of the calls. Its interval has the error of both. A constant offset of
 * the meter is in both and cancels; its gain works on the difference.
 */
export function activeEnergy(
  whole: WholeEnergy,
  seconds: number,
  idle: RoleIdlePower,
  meter: MeterModel,
): ActiveEnergy {
  const idleJoules = idle.watts * seconds;
  if (whole.kind === 'none') return { active: whole, idleJoules };
  const joules = whole.joules - idleJoules;
  const sampling = addErrors([
    { variance: whole.samplingStderr ** 2, degreesOfFreedom: whole.degreesOfFreedom },
    { variance: (idle.stderr * seconds) ** 2, degreesOfFreedom: idle.degreesOfFreedom },
  ]);
  const figure = figureOf(joules, sampling, meterUncertainty(meter, joules, 0));
  const holdsZero = figure.low <= 0 && figure.high >= 0;
  return { active: { kind: holdsZero ? 'not-different-from-zero' : 'figure', ...figure }, idleJoules };
}
