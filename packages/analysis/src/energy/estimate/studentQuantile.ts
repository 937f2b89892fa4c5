import { incompleteBeta } from './incompleteBeta.ts';

/** The normal distribution's factor for a two-sided interval of 95 %. */
export const normal95 = 1.959963984540054;
/** From here on the factor equals the normal one to 7 digits. */
const manyDegrees = 1e7;

/**
 * Student's factor for a two-sided interval of 95 %.
 *
 * @param degrees degrees of freedom, also fractional; below 1 counts as 1
 */
export function studentQuantile(degrees: number): number {
  if (degrees >= manyDegrees) return normal95;
  const v = Math.max(1, degrees);
  // The factor falls with the degrees from 12.706 (one degree) to 1.96.
  let low = 1.9;
  let high = 13;
  while (high - low > 1e-10) {
    const t = (low + high) / 2;
    if (twoSidedTail(t, v) > 0.05) low = t;
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
