import { DataPointType, type ExponentialHistogram, type Histogram } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { type AnyPoint, mergedSeries } from './mergedSeries.ts';

const point = (value: AnyPoint['value'], startS = 1, endS = 2): AnyPoint => ({
  attributes: {},
  startTime: [startS, 0],
  endTime: [endS, 0],
  value,
});
const histogram = (boundaries: number[], counts: number[], extra = {}): Histogram => ({
  buckets: { boundaries, counts },
  count: counts.reduce((sum, each) => sum + each, 0),
  ...extra,
});
const exponential = (scale: number, offset: number, bucketCounts: number[], zeroCount = 0): ExponentialHistogram => ({
  scale,
  zeroCount,
  positive: { offset, bucketCounts },
  negative: { offset: 0, bucketCounts: [] },
  count: bucketCounts.reduce((sum, each) => sum + each, zeroCount),
});
const merged = (a: AnyPoint['value'], b: AnyPoint['value'], type: DataPointType): AnyPoint['value'] =>
  mergedSeries(point(a), point(b), type as never).value;

it('adds sums, from the earlier start to the later end', () => {
  expect(mergedSeries(point(2, 5, 7), point(3, 4, 6), DataPointType.SUM)).toEqual(point(5, 4, 7));
});

it('keeps the newer of two gauges', () => {
  expect(mergedSeries(point(2, 1, 9), point(3, 1, 6), DataPointType.GAUGE).value).toBe(2);
  expect(mergedSeries(point(2, 1, 6), point(3, 1, 6), DataPointType.GAUGE).value).toBe(3);
});

describe('histograms', () => {
  it('are added bucket by bucket, with their ends', () => {
    const a = histogram([1, 2], [1, 2, 3], { sum: 10, min: 0, max: 4 });
    const b = histogram([1, 2], [4, 0, 1], { sum: 5, min: 1, max: 9 });
    expect(merged(a, b, DataPointType.HISTOGRAM)).toEqual(histogram([1, 2], [5, 2, 4], { sum: 15, min: 0, max: 9 }));
  });

  it('keep the ends of the one that has values, and no sum where one has none', () => {
    const empty = histogram([1], [0, 0], { sum: 0 });
    expect(merged(empty, histogram([1], [1, 0], { min: 1, max: 1 }), DataPointType.HISTOGRAM)).toEqual(
      histogram([1], [1, 0], { min: 1, max: 1 }),
    );
  });

  it('with different bounds keep the number of their values', () => {
    const result = merged(histogram([1], [1, 2]), histogram([2], [4, 8]), DataPointType.HISTOGRAM);
    expect(result).toEqual(histogram([], [15]));
  });
});

describe('exponential histograms', () => {
  it('are added at the coarser scale', () => {
    // At scale 1 the buckets 2 and 3 are bucket 1 of scale 0, and bucket 4 is bucket 2.
    const result = merged(
      exponential(1, 2, [1, 2, 4], 1),
      exponential(0, 0, [8, 16], 2),
      DataPointType.EXPONENTIAL_HISTOGRAM,
    );
    expect(result).toEqual(exponential(0, 0, [8, 19, 4], 3));
  });

  it('that lie far apart get a scale at which both fit', () => {
    const { scale, positive, count } = merged(
      exponential(5, 0, [1]),
      exponential(5, 10_000, [1]),
      DataPointType.EXPONENTIAL_HISTOGRAM,
    ) as ExponentialHistogram;
    expect([scale, positive.bucketCounts.length <= 160, count]).toEqual([-1, true, 2]);
  });

  it('without values stay without values', () => {
    const empty = exponential(3, 0, []);
    expect(merged(empty, empty, DataPointType.EXPONENTIAL_HISTOGRAM)).toEqual(empty);
  });
});
