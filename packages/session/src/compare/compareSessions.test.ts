import { readFileSync } from 'node:fs';
import { type Random, seededRandom } from '@benchlab-otel/analysis';
import type { StageEvent } from '@benchlab-otel/core';
import { describe, expect, it, test } from 'vitest';
import { alignedPairs } from '../align/alignedRows.ts';
import { compareSessions } from './compareSessions.ts';

const { latencyUs } = JSON.parse(readFileSync(new URL('recordedLatencies.json', import.meta.url), 'utf8')) as {
  latencyUs: number[];
}; // the file next to this one

/** A session of frames at 30 Hz with these latencies; the dropped ones have no second event. Power is 100 W. */
function session(latenciesMs: readonly number[], isDropped: (frame: number) => boolean = () => false) {
  const events: StageEvent[] = latenciesMs.flatMap((latencyMs, frame) => {
    const event = { timeNs: frame * 33e6, uncertaintyNs: 0, stage: 'in', frameId: String(frame), source: 'test' };
    return isDropped(frame) ? [event] : [event, { ...event, stage: 'out', timeNs: event.timeNs + latencyMs * 1e6 }];
  });
  const powers = Array.from({ length: latenciesMs.length + 100 }, (_, k) => ({
    timeNs: k * 33e6,
    uncertaintyNs: 0,
    watts: 100,
    source: 'benchlab.usb',
  }));
  const raw = { events, powers, others: new Map(), refused: { count: 0, first: [] }, cut: [] };
  return { raw, pairs: alignedPairs(events, powers, { pairs: [['in', 'out']] }) };
}

/** Stretches of the recording that are long against the time over which its frames hang together. */
function drawn(frames: number, random: Random): number[] {
  const stretch = 150;
  const latencies: number[] = [];
  while (latencies.length < frames) {
    const start = Math.floor(random.uniform() * latencyUs.length);
    for (let k = 0; k < stretch; k++) latencies.push((latencyUs[(start + k) % latencyUs.length] ?? 0) / 1e3);
  }
  return latencies.slice(0, frames);
}

const verdicts = (before: readonly number[], after: readonly number[]) =>
  compareSessions([session(before)], [session(after)])[0]?.figures.map(({ figure, isDifferent }) => [
    figure,
    isDifferent,
  ]);

test('of 200 pairs of the same pipeline, with the noise of the recording, at most 5 % are called different', () => {
  const random = seededRandom(7);
  let different = 0;
  for (let k = 0; k < 200; k++) {
    const found = verdicts(drawn(600, random), drawn(600, random));
    if (found?.some(([, isDifferent]) => isDifferent)) different++;
  }
  expect(different).toBeLessThanOrEqual(10);
}, 120_000);

describe('a change of 15 %', () => {
  const random = seededRandom(11);
  const before = drawn(8_000, random);

  it('of all latencies is found, up and down', () => {
    const [found] = compareSessions([session(steady(4_000, 1))], [session(steady(4_000, 1.15))]);
    const p50 = found?.figures.find(({ figure }) => figure === 'p50Ms');

    expect(p50?.isDifferent).toBe(true);
    expect(p50?.ratio).toBeCloseTo(1.15, 2);
    expect(p50?.ratioInterval?.low).toBeGreaterThan(1.05);
    expect(verdicts(steady(4_000, 1.15), steady(4_000, 1))).toContainEqual(['p50Ms', true]);
    expect(verdicts(steady(4_000, 1), steady(4_000, 1.15))).toContainEqual(['joulesPerFrame', true]);
  });

  it('is found over four sessions each, where the machine differs a little from run to run', () => {
    const group = (factor: number) => [0.99, 1, 1.005, 1.01].map((run) => session(steady(1_000, factor * run)));
    const [found] = compareSessions(group(1), group(1.15));

    expect(found).toMatchObject({ sessions: [4, 4], isWithinRuns: false });
    expect(found?.figures.find(({ figure }) => figure === 'p50Ms')).toMatchObject({ isDifferent: true });
  });

  it('is not found where the runs of each group differ by more than that', () => {
    const group = (factor: number) => [0.7, 1, 1.3].map((run) => session(steady(1_000, factor * run)));

    expect(compareSessions(group(1), group(1.15))[0]?.figures.some(({ isDifferent }) => isDifferent)).toBe(false);
  });

  it('of the noisy recording lies in the interval', () => {
    const [found] = compareSessions([session(before)], [session(before.map((ms) => ms * 1.15))]);

    for (const { figure, ratioInterval } of found?.figures ?? []) {
      if (figure === 'p50Ms' || figure === 'p95Ms') expect(ratioInterval?.low).toBeLessThan(1.15);
    }
  });
});

/** Latencies around 10 ms that hang together over some frames. */
function steady(frames: number, factor: number): number[] {
  const random = seededRandom(Math.round(factor * 1_000) + frames);
  let drift = 0;
  return Array.from({ length: frames }, () => {
    drift = 0.8 * drift + 0.3 * random.gauss();
    return Math.max(0.1, factor * (10 + drift));
  });
}

test('drops are compared by their share; none against none is no difference', () => {
  const calm = steady(1_000, 1);
  const share = (after: (frame: number) => boolean) =>
    compareSessions([session(calm)], [session(calm, after)])[0]?.figures.find(
      ({ figure }) => figure === 'droppedShare',
    );

  expect(share(() => false)).toMatchObject({ before: 0, after: 0, difference: 0, isDifferent: false });
  expect(share((frame) => frame === 500)).toMatchObject({ after: 0.001, isDifferent: false });
  expect(share((frame) => frame % 20 === 0)).toMatchObject({ after: 0.05, isDifferent: true });
});

test('one session a group: the comparison states that runs are not in it', () => {
  expect(compareSessions([session(steady(100, 1))], [session(steady(100, 1))])[0]).toMatchObject({
    isWithinRuns: true,
  });
});

test('what a session lacks is missing, and not a guess', () => {
  const [found] = compareSessions([session(steady(100, 1))], [session(steady(20, 1))]);

  expect(found?.figures).toEqual([]);
  expect(found?.missing).toEqual(['p50Ms', 'p95Ms', 'droppedShare', 'joulesPerFrame']);
});

test('the same sessions give the same intervals', () => {
  const compared = () => JSON.stringify(compareSessions([session(steady(300, 1))], [session(steady(300, 1.1))]));

  expect(compared()).toBe(compared());
});

test('an empty group is refused, and groups without a common pair have no comparison', () => {
  const one = session(steady(100, 1));

  expect(() => compareSessions([], [one])).toThrow(expect.objectContaining({ option: 'sessions' }));
  expect(compareSessions([one], [{ ...one, pairs: [] }])).toEqual([]);
});
