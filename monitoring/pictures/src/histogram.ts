import { roundStep } from './ticks.ts';

export interface Bucket {
  readonly from: number;
  readonly to: number;
  /** One count for each series. */
  readonly counts: readonly number[];
}

const mostBuckets = 200;

/** Counts values into buckets of one round size that all series share. A value on a bound belongs to the bucket above. */
export function histogram(
  series: readonly (readonly number[])[],
  { count, size }: { count: number; size?: number | undefined },
): Bucket[] {
  const all = series.flat();
  if (all.length === 0) return [];
  const low = all.reduce((least, value) => Math.min(least, value));
  const high = all.reduce((most, value) => Math.max(most, value));
  const wanted =
    size && size > 0 ? size : high > low ? roundStep((high - low) / Math.max(1, count)) : Math.abs(high) || 1;
  const width = Math.max(wanted, (high - low) / mostBuckets);
  const first = Math.floor(low / width);
  const buckets = Array.from({ length: Math.floor(high / width) - first + 1 }, () => series.map(() => 0));
  series.forEach((values, index) => {
    for (const value of values) {
      const counts = buckets[Math.floor(value / width) - first];
      if (counts) counts[index] = (counts[index] ?? 0) + 1;
    }
  });
  return buckets.map((counts, index) => ({ from: (first + index) * width, to: (first + index + 1) * width, counts }));
}
