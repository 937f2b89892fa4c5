import type { AddedEnergy, WholeEnergy } from './estimate/energyEstimate.ts';

/** The energy of one call, or of one unit of work: that of all of them, with its errors, divided by their number. */
export function dividedEnergy<E extends WholeEnergy | AddedEnergy>(energy: E, by: number): E {
  if (energy.kind === 'none') {
    const { reason } = energy;
    if (reason.kind !== 'too-wide') return energy;
    return { ...energy, reason: { ...reason, halfWidthJoules: reason.halfWidthJoules / by } };
  }
  return {
    ...energy,
    joules: energy.joules / by,
    low: energy.low / by,
    high: energy.high / by,
    samplingStderr: energy.samplingStderr / by,
    ...(energy.meterStderr !== undefined && { meterStderr: energy.meterStderr / by }),
    ...(energy.meterBound !== undefined && { meterBound: energy.meterBound / by }),
  };
}
