import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { added, classicScale, toClassic } from './classicHistogram.ts';

const none = { offset: 0, bucketCounts: [] };
const exponential = (given: Partial<ExponentialHistogram>): ExponentialHistogram => ({
  count: 0,
  sum: 0,
  scale: 0,
  zeroCount: 0,
  positive: none,
  negative: none,
  ...given,
});

describe('toClassic', () => {
  it('bucket i counts to the bound base^(i+1), which is exact at powers of two', () => {
    const histogram = exponential({ scale: 2, count: 6, sum: 9, positive: { offset: 2, bucketCounts: [1, 2, 3] } });
    expect(toClassic(histogram, 2)).toEqual({
      count: 6,
      sum: 9,
      buckets: { boundaries: [2 ** 0.75, 2, 2 ** 1.25], counts: [1, 2, 3] },
    });
  });

  it('two neighbours become one at the next coarser scale, also where indexes are negative', () => {
    const histogram = exponential({ scale: 1, count: 10, positive: { offset: -3, bucketCounts: [1, 2, 3, 4] } });
    expect(toClassic(histogram, 0).buckets).toEqual({ boundaries: [0.5, 1, 2], counts: [1, 5, 4] });
  });

  it('values at zero count to 0, and those below to mirrored bounds', () => {
    const histogram = exponential({
      count: 6,
      zeroCount: 3,
      positive: { offset: 0, bucketCounts: [1] },
      negative: { offset: 1, bucketCounts: [1, 1] },
    });
    expect(toClassic(histogram, 0).buckets).toEqual({ boundaries: [-4, -2, 0, 2], counts: [1, 1, 3, 1] });
  });

  it('a bucket that reaches infinity has no bound: its values are in the count of the histogram', () => {
    const histogram = exponential({ scale: -10, count: 3, positive: { offset: -1, bucketCounts: [1, 2] } });
    expect(toClassic(histogram, -10)).toMatchObject({ count: 3, buckets: { boundaries: [1], counts: [1] } });
  });

  it('an empty histogram has no bounds; one without a sum stays without', () => {
    const { sum: _, ...withoutSum } = exponential({});
    expect(toClassic(withoutSum, 0)).toEqual({ count: 0, buckets: { boundaries: [], counts: [] } });
  });
});

describe('classicScale', () => {
  it('is the finest with at most 40 bounds', () => {
    const wide = exponential({ scale: 3, positive: { offset: 0, bucketCounts: Array(160).fill(1) } });
    const scale = classicScale(wide);
    expect(scale).toBe(0);
    expect(toClassic(wide, scale).buckets.boundaries).toHaveLength(20);
    expect(toClassic(wide, 1).buckets.boundaries).toHaveLength(40);
  });

  it('keeps the scale of a narrow histogram', () => {
    expect(classicScale(exponential({ scale: 20, positive: { offset: 5, bucketCounts: [1] } }))).toBe(20);
  });
});

describe('added', () => {
  const histogram = (boundaries: number[], counts: number[], sum?: number): Histogram => ({
    buckets: { boundaries, counts },
    count: counts.reduce((a, b) => a + b, 0),
    ...(sum !== undefined && { sum }),
  });

  it('adds buckets of the same bounds, counts and sums', () => {
    const result = added(histogram([1, 2], [1, 2, 3], 10), histogram([1, 2], [1, 0, 1], 5), false);
    expect(result).toEqual({ count: 8, sum: 15, buckets: { boundaries: [1, 2], counts: [2, 2] } });
  });

  it('adds explicit histograms of different bounds over the common ones', () => {
    const sum = added(histogram([1, 2, 5], [1, 2, 4, 8]), histogram([1, 5], [16, 32, 64]), false);
    expect(sum?.buckets).toEqual({ boundaries: [1, 5], counts: [17, 38] });
    expect(sum?.count).toBe(127);
  });

  it('does not add explicit histograms without a common bound', () => {
    expect(added(histogram([1, 2], [1, 1, 1]), histogram([3, 5], [1, 1, 1]), false)).toBeUndefined();
    expect(added(histogram([], [1]), histogram([3], [1, 1]), false)).toBeUndefined();
    expect(added(histogram([], [1]), histogram([], [2]), false)?.count).toBe(3);
  });

  it('adds exponential ones of different ranges', () => {
    const result = added(histogram([1, 2], [1, 2]), histogram([2, 4], [3, 4]), true);
    expect(result?.buckets).toEqual({ boundaries: [1, 2, 4], counts: [1, 5, 4] });
  });
});
