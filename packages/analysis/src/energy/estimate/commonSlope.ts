import type { CommonSlope } from './energyEstimate.ts';
import { dot, invert, times } from './matrix.ts';
import { fisherTail } from './studentQuantile.ts';
import type { WhitenedFit } from './whitenedFit.ts';

/** Level of the test. */
const rejectedBelow = 0.05;

/**
 * Wald test that all slopes are one: the differences of each slope to the first, against their covariance after HC3,
 * with Fisher's F for the degrees of freedom that the weakest difference has.
 *
 * @param watts the slope that all of them would have
 */
export function commonSlope(fit: WhitenedFit, watts: number): CommonSlope | undefined {
  const first = fit.slopes[0] ?? Number.NaN;
  const contrasts = Array.from(fit.slopes)
    .slice(1)
    .map((_, k) => Array.from(fit.slopes, (_slope, j) => (j === 0 ? -1 : j === k + 1 ? 1 : 0)));
  const differences = Array.from(fit.slopes)
    .slice(1)
    .map((slope) => slope - first);
  const inverse = invert(fit.covariance(contrasts));
  if (inverse === undefined || differences.length === 0) return undefined;
  const statistic = dot(differences, times(inverse, differences)) / differences.length;
  const degrees = Math.min(...contrasts.map((contrast) => fit.along(contrast).degreesOfFreedom));
  const pValue = fisherTail(statistic, differences.length, degrees);
  return { isAllowed: pValue >= rejectedBelow, pValue, watts };
}
