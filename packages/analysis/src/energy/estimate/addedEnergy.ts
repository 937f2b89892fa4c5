import type { AddedEnergy } from './energyEstimate.ts';
import { figureOf, halfWidth, meterHalfWidth, meterUncertainty } from './meterUncertainty.ts';
import type { EstimateContext } from './wholeEnergy.ts';

/**
 * Joules that the calls caused: slopes times weighted seconds. A constant offset of the meter does not change them, its
 * gain does.
 *
 * @param weightedSeconds for each slope
 * @returns the reason where one of the slopes is not known
 */
export function addedEnergy(
  { slopes, meter, grid, sampledSeconds }: EstimateContext,
  weightedSeconds: ArrayLike<number>,
): AddedEnergy {
  let joules = 0;
  for (let l = 0; l < weightedSeconds.length; l++) {
    const seconds = weightedSeconds[l] ?? 0;
    const reason = seconds > 0 ? slopes.unknown[l] : undefined;
    if (reason?.kind === 'too-few-samples') {
      return { kind: 'none', reason, secondsMore: (reason.needed - reason.samples) * grid.periodSeconds };
    }
    if (reason !== undefined) return { kind: 'none', reason };
    joules += (slopes.watts[l] ?? 0) * seconds;
  }
  const sampling = slopes.along(weightedSeconds);
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
