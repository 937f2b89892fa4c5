import { incompleteBeta } from './incompleteBeta.ts';

/** The normal distribution's factor for a two-sided interval of 95 %. */
export const normal95 = 1.959963984540054;
/** From here on the factor equals the normal one to 7 digits. */
const manyDegrees = 1e7;

/**
 * Student's factor for a two-sided interval, by default of 95 %.
 *
 * @param degrees degrees of freedom, also fractional; below 1 counts as 1
 * @param outside share outside of the interval, above 0.000,1
 */
export function studentQuantile(degrees: number, outside = 0.05): number {
  if (degrees >= manyDegrees && outside === 0.05) return normal95;
  const v = Math.min(manyDegrees, Math.max(1, degrees));
  // The factor falls with the degrees: with one degree it is 12.706 for 95 %, 6,366 for 99.99 %.
  let low = 0;
  let high = 6_400;
  while (high - low > 1e-10) {
    const t = (low + high) / 2;
    if (twoSidedTail(t, v) > outside) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/** Share of Student's distribution beyond -t and +t (Abramowitz and Stegun 26.7.1). */
function twoSidedTail(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** Share of Fisher's F distribution above `f` (Abramowitz and Stegun 26.6.2). */
export function fisherTail(f: number, above: number, below: number): number {
  if (!(f > 0)) return 1;
  return incompleteBeta(below / (below + above * f), below / 2, above / 2);
}
