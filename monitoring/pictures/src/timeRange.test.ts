import { describe, expect, test } from 'vitest';
import { durationMs, momentMs, timeRange } from './timeRange.ts';

const now = Date.UTC(2026, 10, 29, 12);

test.each([
  ['15s', 15_000],
  ['1.5h', 5_400_000],
  ['250ms', 250],
  ['7d', 604_800_000],
])('%s is %i milliseconds', (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});

test.each(['', '15', 's', '0m', '-5m', '5 m', '5x', '1h30m'])('"%s" is not a duration', (text) => {
  expect(() => durationMs(text)).toThrow(/is not a duration\. Write a number and a unit/);
});

test.each([
  ['now', now],
  ['now-6h', now - 21_600_000],
  ['now+1m', now + 60_000],
  ['2026-11-29T12:00:00Z', now],
  [String(now), now],
])('%s is a moment', (text, expected) => {
  expect(momentMs(text, now)).toBe(expected);
});

describe('a time that cannot be shown is refused', () => {
  test.each(['yesterday', 'now-', 'now-6', ''])('"%s"', (text) => {
    expect(() => momentMs(text, now)).toThrow(/is not a/);
  });

  test('an empty one and one that runs backwards', () => {
    expect(() => timeRange('now', 'now', now)).toThrow('empty or backwards');
    expect(() => timeRange('now', 'now-1h', now)).toThrow('empty or backwards');
  });
});
