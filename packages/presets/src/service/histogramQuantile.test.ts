import { expect, test } from 'vitest';
import { type Distribution, histogramQuantile, increase } from './histogramQuantile.ts';

const boundaries = [0.1, 0.5, 1];
const of = (...counts: number[]): Distribution => ({ boundaries, counts, sum: 1 });

// What `histogram_quantile(q, ...)` of Prometheus returns for the same buckets.
test.each([
  ['in the middle of a bucket', 0.5, of(0, 10, 0, 0), 0.3],
  ['in the first bucket, which begins at 0', 0.5, of(10, 0, 0, 0), 0.05],
  ['at the edge of a bucket', 0.5, of(5, 5, 0, 0), 0.1],
  ['above the last bound: as that bound', 0.99, of(1, 0, 0, 99), 1],
  ['past empty buckets', 0.9, of(0, 0, 10, 0), 0.95],
  ['the least', 0, of(0, 10, 0, 0), 0.1],
  ['the most', 1, of(2, 3, 5, 0), 1],
])('a quantile %s', (_where, q, distribution, expected) => {
  expect(histogramQuantile(q, distribution)).toBeCloseTo(expected, 12);
});

test('an empty histogram, or one without bounds, has no quantile', () => {
  expect(histogramQuantile(0.5, of(0, 0, 0, 0))).toBeUndefined();
  expect(histogramQuantile(0.5, { boundaries: [], counts: [3], sum: 1 })).toBeUndefined();
});

test('a first bucket below zero begins at its bound', () => {
  expect(histogramQuantile(0.5, { boundaries: [-1, 0], counts: [4, 0, 0], sum: -8 })).toBe(-1);
});

test('an increase is what was added; a histogram that was reset, or has other bounds, counts whole', () => {
  expect(increase(of(1, 5, 0, 2), of(1, 2, 0, 1)).counts).toEqual([0, 3, 0, 1]);
  expect(increase(of(1, 5, 0, 2), undefined).counts).toEqual([1, 5, 0, 2]);
  expect(increase(of(1, 1, 0, 0), of(2, 0, 0, 0)).counts).toEqual([1, 1, 0, 0]);
  expect(increase(of(1, 1, 0, 0), { boundaries: [1], counts: [0, 0], sum: 0 }).counts).toEqual([1, 1, 0, 0]);
});
