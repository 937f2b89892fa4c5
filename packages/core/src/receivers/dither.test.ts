import { describe, expect, test } from 'vitest';
import type { PollReport } from '../contracts/receiver.ts';
import type { Sample, Sensor, Source } from '../contracts/sample.ts';
import { hwEnergy, hwPower } from '../registry/metrics.ts';
import { benchlabSampleGap } from '../registry/receiver.ts';
import { SampleHistory } from '../samples/history.ts';
import { SampleMetrics } from '../samples/sampleMetrics.ts';
import { ManualClock } from '../testing/manualClock.ts';
import { type PollResult, startPolling } from './polling.ts';

const S = 1e9;
const success: PollResult = { outcome: 'success' };

/** A small generator of uniform numbers (Lehmer), so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Polls at one a second, and when each started, s after the first. */
async function polled(polls: number, dither: (() => number) | undefined, tookMs: () => number = () => 0) {
  const clock = new ManualClock();
  const fromNs = clock.nowNs();
  const starts: number[] = [];
  const reports: PollReport[] = [];
  const polling = startPolling({
    receiver: 'bench',
    clock,
    intervalNs: S,
    timeoutNs: 100 * S,
    ...(dither && { dither }),
    poll: () => {
      starts.push((clock.nowNs() - fromNs) / S);
      const ms = tookMs();
      return ms === 0
        ? Promise.resolve(success)
        : new Promise((resolve) => clock.at(clock.nowNs() + ms * 1e6, () => resolve(success)));
    },
    report: (report) => reports.push(report),
  });
  await clock.advanceMs((polls - 0.49) * 1000);
  const stopped = polling.stop();
  await clock.advanceMs(100_000);
  await stopped;
  return { starts, missed: reports.reduce((sum, { missed }) => sum + missed, 0) };
}

test('the first poll is at once, and each other one within half an interval of its deadline, on both sides', async () => {
  const { starts, missed } = await polled(400, seeded(1));
  expect(starts).toHaveLength(400);
  expect(starts[0]).toBe(0);
  const offsets = starts.slice(1).map((start, k) => start - (k + 1));
  for (const offset of offsets) expect(Math.abs(offset)).toBeLessThanOrEqual(0.5);
  expect(Math.min(...offsets)).toBeLessThan(-0.45);
  expect(Math.max(...offsets)).toBeGreaterThan(0.45);
  expect(Math.abs(offsets.reduce((sum, each) => sum + each, 0) / offsets.length)).toBeLessThan(0.04);
  expect(missed).toBe(0);
});

test('polls that take a while follow each other without an overlap, and lateness does not add up', async () => {
  const { starts, missed } = await polled(300, seeded(2), () => 300);
  expect(missed).toBe(0);
  starts.slice(1).forEach((start, k) => {
    expect(start - (starts[k] ?? 0)).toBeGreaterThanOrEqual(0.3 - 1e-9);
    // A poll waits for the one before it, which began half a second late at most.
    expect(start - (k + 1)).toBeLessThanOrEqual(0.5 + 1e-9);
  });
});

test.each([
  ['is over before the last moment of the next one', 1000, 0],
  ['lasts beyond the last moment of the next one', 1200, 1],
  ['lasts beyond the last moments of two', 2200, 2],
])('a poll at its last moment that %s misses as many', async (_, tookMs, expected) => {
  // The second poll starts half a second late, the others half a second early.
  const offsets = [1];
  const took = [0, tookMs];
  const { missed } = await polled(
    8,
    () => offsets.shift() ?? 0,
    () => took.shift() ?? 0,
  );
  expect(missed).toBe(expected);
});

const source: Source = { id: 'U1', name: 'board', simulated: true, boundary: 'dc_rails', attributes: {} };
const sensor: Sensor = { metric: hwPower, energyMetric: hwEnergy, attributes: { 'hw.id': 'U1' } };
const pulseSeconds = 0.6;

/** Seconds of pulses from 0 to `time`, of a job that works `pulseSeconds` in each period. */
function worked(time: number, period: number): number {
  const periods = Math.floor(time / period);
  return periods * pulseSeconds + Math.min(pulseSeconds, time - periods * period);
}

/** The energy that the counter has for a job of 1 W in step with the polls, the truth, and the error that neighbours show. */
async function counted(period: number, phase: number, dither: (() => number) | undefined) {
  const { starts } = await polled(200, dither);
  const at = (time: number) => time + phase * period;
  const metrics = new SampleMetrics();
  const watts = starts.map((start) => (at(start) % period < pulseSeconds ? 1 : 0));
  starts.forEach((start, k) => {
    const sample: Sample = {
      source,
      timeNs: S + start * S,
      uncertaintyNs: 0,
      readings: [{ sensor, value: watts[k] ?? 0 }],
    };
    metrics.sample(sample);
  });
  const families = metrics.collect(1000 * S);
  const latestOf = (name: string) => families.find(({ definition }) => definition.name === name)?.points[0]?.value;
  const variance = watts.slice(1, -1).reduce<number>((sum, value, k) => {
    const miss = value - ((watts[k] ?? 0) + (watts[k + 2] ?? 0)) / 2;
    const weight = ((starts[k + 2] ?? 0) - (starts[k] ?? 0)) / 2;
    return sum + (miss ** 2 / 1.5) * weight ** 2;
  }, 0);
  return {
    error: (latestOf('hw.energy') ?? Number.NaN) - (worked(at(starts.at(-1) ?? 0), period) - worked(at(0), period)),
    half: 1.96 * Math.sqrt(variance),
    gapSeconds: latestOf(benchlabSampleGap.name),
  };
}

describe.each([1, 2, 5])('a job that works 0.6 s in every %i s, polled once a second', (period) => {
  const runs = 40;
  const all = async (isDithered: boolean) => {
    const random = seeded(period * 1000 + 7);
    const results: Awaited<ReturnType<typeof counted>>[] = [];
    for (let run = 0; run < runs; run++) results.push(await counted(period, random(), isDithered ? random : undefined));
    return results;
  };

  test('is measured wrongly at every phase without dither, and no interval shows it', async () => {
    const results = await all(false);
    const holding = results.filter(({ error, half }) => Math.abs(error) <= half).length;
    expect(holding / runs).toBeLessThan(0.5);
    // 200 s at 1 W: a fifth of what the job used, or more.
    for (const { error } of results)
      expect(Math.abs(error)).toBeGreaterThan(0.2 * ((200 * pulseSeconds) / period) * 0.5);
  });

  test('is measured without bias with dither, and its interval holds', async () => {
    const results = await all(true);
    const mean = results.reduce((sum, { error }) => sum + error, 0) / runs;
    const stderr = Math.sqrt(results.reduce((sum, { error }) => sum + (error - mean) ** 2, 0) / runs / (runs - 1));
    expect(Math.abs(mean)).toBeLessThan(3 * stderr);
    expect(results.filter(({ error, half }) => Math.abs(error) <= half).length / runs).toBeGreaterThanOrEqual(0.9);
    expect(results.every(({ gapSeconds }) => gapSeconds === 0)).toBe(true);
  });
});

test('dithered times show the period of the poll, and an interval of up to two periods is not a gap', async () => {
  for (const seed of [3, 4, 5, 6, 7]) {
    const { starts } = await polled(300, seeded(seed));
    const history = new SampleHistory();
    starts.forEach((start, k) => {
      history.sample({ source, timeNs: S + start * S, uncertaintyNs: 0, readings: [], totals: { system: k } });
      if (k >= 20) expect(Math.abs((history.periodNs('U1') ?? 0) / S - 1)).toBeLessThan(0.35);
    });
    expect(history.window('U1', 0, 1000 * S)?.gapBefore.every((gap) => gap === 0)).toBe(true);
  }
});

test('two polls at the far ends of their times after many near ones are not a gap apart', async () => {
  // Late, early, late, early …: intervals of 0 and 2 periods in turn, whose median is either.
  let turn = 0;
  const { starts, missed } = await polled(60, () => (turn++ % 2 === 0 ? 0 : 1));
  const history = new SampleHistory();
  for (const start of starts) {
    history.sample({ source, timeNs: S + start * S, uncertaintyNs: 0, readings: [], totals: { system: 1 } });
  }
  expect(missed).toBe(0);
  expect(history.window('U1', 0, 1000 * S)?.gapBefore.every((gap) => gap === 0)).toBe(true);
});
