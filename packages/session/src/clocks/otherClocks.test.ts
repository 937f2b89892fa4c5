import { ManualClock } from '@benchlab-otel/core/testing';
import type { TimeTranslation } from '@benchlab-otel/wire';
import { expect, test } from 'vitest';
import { rawTimes } from './rawTimes.ts';
import { timesOfDay } from './timesOfDay.ts';

const opened = 1_762_871_400_000_000_000n;
const anchor = (seconds: number, wallSeconds = seconds, uncertaintyNs = 1_000) => ({
  timeNs: seconds * 1e9,
  epochNs: String(opened + BigInt(Math.round(wallSeconds * 1e9))),
  uncertaintyNs,
});
const at = (translate: TimeTranslation, wallSeconds: number) => {
  const read = translate(Number(opened + BigInt(Math.round(wallSeconds * 1e9))));
  if ('reason' in read) return read.reason;
  return { seconds: read.timeNs / 1e9, uncertaintyMs: read.uncertaintyNs / 1e6 };
};

test('a time of day is translated between two instants on both clocks, and outside by the nearest', () => {
  const translate = timesOfDay([anchor(100, 0), anchor(160, 60)]);

  for (const [wall, seconds] of [
    [0, 100],
    [30, 130],
    [60, 160],
    [90, 190],
    [-50, 50],
  ] as const) {
    expect(at(translate, wall)).toEqual({
      seconds: expect.closeTo(seconds, 6),
      uncertaintyMs: expect.closeTo(0.001, 3),
    });
  }
});

test('where the wall clock drifts or is set between two instants, the uncertainty holds it', () => {
  // 0.6 ms in a minute, as NTP slews; and a wall clock that was set by 10 s.
  const slewed = timesOfDay([anchor(100, 0), anchor(160, 60.000_6)]);
  const set = timesOfDay([anchor(100, 0), anchor(160, 70)]);

  expect(at(slewed, 30)).toEqual({ seconds: expect.closeTo(129.9997, 5), uncertaintyMs: expect.closeTo(0.601, 2) });
  expect(at(set, 35)).toMatchObject({ uncertaintyMs: expect.closeTo(10_000, 0) });
});

test('a time of day before the start of the host is refused, and one without an instant on both clocks', () => {
  expect(at(timesOfDay([anchor(100, 0)]), -101)).toBe('is a time of day before the start of the host');
  expect(at(timesOfDay([]), 0)).toMatch(/no instant on both clocks is known/);
});

test('CLOCK_MONOTONIC_RAW is translated by a bracket that is read again, less certain further from it', async () => {
  const clock = new ManualClock();
  let read = 0;
  // The raw clock is 3 s behind, and runs 100 ppm slower.
  const translate = rawTimes(clock, () => {
    read++;
    return { timeNs: clock.nowNs(), rawNs: clock.nowNs() * 0.999_9 - 3e9, uncertaintyNs: 200 };
  });
  await clock.advanceMs(10_000);
  const rawNow = () => clock.nowNs() * 0.999_9 - 3e9;

  expect(translate(rawNow())).toEqual({ timeNs: clock.nowNs(), uncertaintyNs: 200 });
  const earlier = translate(rawNow() - 2e9);
  expect(earlier).toEqual({ timeNs: clock.nowNs() - 2e9, uncertaintyNs: 200 + 1e6 });
  // The true instant is within it.
  expect(Math.abs(clock.nowNs() - 2e9 / 0.999_9 - (clock.nowNs() - 2e9))).toBeLessThan(200 + 1e6);
  expect(read).toBe(1);
  await clock.advanceMs(1_001);
  expect(translate(rawNow())).toEqual({ timeNs: clock.nowNs(), uncertaintyNs: 200 });
  expect(read).toBe(2);
});

test('of CLOCK_MONOTONIC_RAW, a time of day and a time before the start of the host are refused', () => {
  const translate = rawTimes(new ManualClock(), () => ({ timeNs: 1e9, rawNs: 5e9, uncertaintyNs: 0 }));

  expect(translate(1.7e18)).toEqual({ reason: 'is the time of day, not CLOCK_MONOTONIC_RAW' });
  expect(translate(3e9)).toEqual({ reason: 'is a time of CLOCK_MONOTONIC_RAW before the start of the host' });
});
