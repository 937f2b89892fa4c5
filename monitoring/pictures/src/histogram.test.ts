import { expect, test } from 'vitest';
import { histogram } from './histogram.ts';

test('values are counted in buckets of a round size that all series share', () => {
  expect(histogram([[0, 1, 9], [5]], { count: 5 })).toEqual([
    { from: 0, to: 2, counts: [2, 0] },
    { from: 2, to: 4, counts: [0, 0] },
    { from: 4, to: 6, counts: [0, 1] },
    { from: 6, to: 8, counts: [0, 0] },
    { from: 8, to: 10, counts: [1, 0] },
  ]);
});

test('every value is in one bucket, those on bounds and below zero too', () => {
  const values = [-3, -1, 0, 2, 2, 4];
  const counted = histogram([values], { count: 3, size: 2 }).flatMap(({ counts }) => counts);

  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(values.length);
});

test('equal values make one bucket; without values there is no bucket', () => {
  expect(histogram([[7, 7]], { count: 30 })).toEqual([{ from: 7, to: 14, counts: [2] }]);
  expect(histogram([[0]], { count: 30 })).toEqual([{ from: 0, to: 1, counts: [1] }]);
  expect(histogram([[], []], { count: 30 })).toEqual([]);
});

test('a size that is too small for the range does not fill the memory', () => {
  expect(histogram([[0, 1e9]], { count: 30, size: 0.001 }).length).toBeLessThan(300);
});
