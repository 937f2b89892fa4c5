import { expect, test } from 'vitest';
import { histogram } from './histogram.ts';

test('counts values in ranges of equal, round width', () => {
  expect(histogram([1, 2, 3, 11, 12, 21], 5)).toEqual({
    fromMs: 0,
    widthMs: 5,
    counts: [3, 0, 2, 0, 1],
    above: 0,
    n: 6,
  });
});

test('loses no value, for any spread', () => {
  for (const spread of [0, 1e-6, 0.3, 7, 1e4]) {
    const values = Array.from({ length: 500 }, (_, at) => 3 + (at % 37) * spread);
    const made = histogram(values, 20);
    expect(made?.counts.length).toBeLessThanOrEqual(20);
    expect((made?.counts.reduce((sum, count) => sum + count, 0) ?? 0) + (made?.above ?? 0)).toBe(500);
  }
});

test('counts few extreme values apart, so that the others keep their shape', () => {
  const made = histogram([...Array.from({ length: 1_000 }, (_, at) => 10 + (at % 10)), 5_000], 20);
  expect(made?.above).toBe(1);
  expect(made?.counts.filter((count) => count > 0)).toHaveLength(10);
});

test('of nothing is nothing', () => {
  expect(histogram([], 10)).toBeUndefined();
});
