import { describe, expect, test } from 'vitest';
import { interval, promDuration } from './interval.ts';

const hour = 3_600_000;
const last = (ms: number) => ({ fromMs: 0, toMs: ms });

describe('the step', () => {
  test.each([
    // 15 minutes in 500 pixels: 1.8 s a pixel, but nothing is newer than the last scrape.
    [hour / 4, 500, 15_000],
    [6 * hour, 500, 30_000],
    [24 * hour, 500, 120_000],
    [168 * hour, 700, 900_000],
  ])('of %i ms in %i pixels is %i ms', (range, widthPixels, stepMs) => {
    expect(interval({ range: last(range), widthPixels, scrapeIntervalMs: 15_000 }).stepMs).toBe(stepMs);
  });

  test('is at least what the panel asks for', () => {
    expect(interval({ range: last(hour), widthPixels: 500, scrapeIntervalMs: 15_000, least: '5m' }).stepMs).toBe(
      300_000,
    );
    expect(interval({ range: last(hour), widthPixels: 500, scrapeIntervalMs: 15_000, least: '>1m' }).stepMs).toBe(
      60_000,
    );
  });

  test('never makes more points than Prometheus returns', () => {
    const { stepMs } = interval({ range: last(720 * hour), widthPixels: 100_000, scrapeIntervalMs: 1000 });

    expect((720 * hour) / stepMs).toBeLessThan(11_000);
  });
});

describe('$__rate_interval', () => {
  test('is four scrapes on a short range', () => {
    expect(interval({ range: last(hour / 4), widthPixels: 500, scrapeIntervalMs: 15_000 }).rateIntervalMs).toBe(60_000);
  });

  test('is a step and a scrape on a long one', () => {
    expect(interval({ range: last(168 * hour), widthPixels: 700, scrapeIntervalMs: 15_000 }).rateIntervalMs).toBe(
      915_000,
    );
  });

  test('is a step and a scrape where the panel asks for one point a day, and four of them where the query does', () => {
    const asked = { range: last(168 * hour), widthPixels: 700, scrapeIntervalMs: 15_000 };
    const day = 24 * hour;

    expect(interval({ ...asked, least: '1d' })).toEqual({ stepMs: day, rateIntervalMs: day + 15_000 });
    expect(interval({ ...asked, leastOfQuery: '1d' })).toEqual({ stepMs: day, rateIntervalMs: 4 * day });
  });
});

test.each([
  [15_000, '15s'],
  [915_000, '915s'],
  [120_000, '2m'],
  [7_200_000, '2h'],
  [1500, '1500ms'],
])('%i ms is written %s', (ms, text) => {
  expect(promDuration(ms)).toBe(text);
});
