import { describe, expect, test } from 'vitest';
import { ticks, timeText, timeTicks } from './ticks.ts';

describe('marks of an axis', () => {
  test.each([
    [0, 100, 5, [0, 20, 40, 60, 80, 100]],
    [0, 0.3, 3, [0, 0.1, 0.2, 0.3]],
    [-7, 12, 4, [-5, 0, 5, 10]],
    [1e9, 1e9 + 3, 3, [1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3]],
  ])('from %d to %d, at most about %i', (from, to, most, expected) => {
    expect(ticks(from, to, most)).toEqual(expected);
  });

  test('are one where the axis has no length or no end, and none where its bounds are not numbers', () => {
    expect(ticks(5, 5, 4)).toEqual([5]);
    expect(ticks(Number.NaN, Number.NaN, 4)).toEqual([]);
    expect(ticks(0, Number.POSITIVE_INFINITY, 4)).toEqual([0]);
  });
});

describe('marks of time', () => {
  const from = Date.UTC(2026, 10, 29, 10, 58, 45);

  test('stand on full units', () => {
    const texts = timeTicks(from, from + 3_600_000, 6).map((at) => timeText(at, 3_600_000));

    expect(texts).toEqual(['11:00', '11:10', '11:20', '11:30', '11:40', '11:50']);
  });

  test('have seconds on a short range and days on a long one', () => {
    expect(timeText(from, 60_000)).toBe('10:58:45');
    expect(timeText(from, 7 * 86_400_000)).toBe('11/29');
  });
});
