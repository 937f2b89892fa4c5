import type { SampleGrid } from './sampleGrid.ts';

/** Single precision keeps 24 bits: 2^-23. No meter is finer. */
const leastRelativeStep: number = 2 ** -23;
/** For a meter that reads 0 only, W. */
const leastStep = 1e-12;

/**
 * Step of the meter, W. Where it is not stated, the smallest change between two samples is an upper bound of it; a
 * float's own rounding is the least, so that no error is ever 0.
 */
export function meterStep({ watts }: SampleGrid, stated: number | 'not stated by the vendor'): number {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let k = 0; k < watts.length; k++) {
    largest = Math.max(largest, Math.abs(watts[k] ?? 0));
    const change = k === 0 ? 0 : Math.abs((watts[k] ?? 0) - (watts[k - 1] ?? 0));
    if (change > 0) smallest = Math.min(smallest, change);
  }
  const found = typeof stated === 'number' ? stated : Number.isFinite(smallest) ? smallest : 0;
  return Math.max(found, leastRelativeStep * largest, leastStep);
}
