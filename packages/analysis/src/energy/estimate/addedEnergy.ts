import type { AddedEnergy } from './energyEstimate.ts';
import type { MeterModel } from './meterModel.ts';
import { figureOf, halfWidth, meterHalfWidth, meterUncertainty, type SamplingError } from './meterUncertainty.ts';

/**
 * Joules that the calls caused: slope times weighted seconds. A constant offset of the meter does not change it, its
 * gain does.
 */
export function addedEnergy(
  joules: number,
  sampling: SamplingError,
  meter: MeterModel,
  sampledSeconds: number,
): AddedEnergy {
  const uncertainty = meterUncertainty(meter, joules, 0);
  const figure = figureOf(joules, sampling, uncertainty);
  const half = halfWidth(sampling, uncertainty);
  if (Math.abs(joules) > half) return { kind: 'figure', ...figure };
  const fixed = meterHalfWidth(uncertainty) ** 2;
  const room = joules ** 2 - fixed;
  return {
    kind: 'not-different-from-zero',
    ...(room > 0 && { secondsMore: (sampledSeconds * (half ** 2 - fixed)) / room - sampledSeconds }),
    ...figure,
  };
}
