import type { StageEvent } from '@benchlab-otel/core';
import type { RawPower } from '@benchlab-otel/wire';
import { expect, test } from 'vitest';
import { alignedPairs, rowsInOrder } from './alignedRows.ts';

const ms = 1e6;
const at = (stage: string, timeMs: number, frameId?: string): StageEvent => ({
  stage,
  timeNs: timeMs * ms,
  uncertaintyNs: 0.01 * ms,
  source: 'test',
  ...(frameId === undefined ? {} : { frameId }),
});
const power = (timeMs: number, watts: number): RawPower => ({
  timeNs: timeMs * ms,
  uncertaintyNs: 0,
  watts,
  source: 'benchlab.usb',
});
const latencies = (events: readonly StageEvent[], windowMs?: number) =>
  alignedPairs(events, [], windowMs === undefined ? {} : { windowMs })[0]?.rows.map(({ latencyMs }) => latencyMs);

test('a leaky queue: frames are paired by their id, and what it dropped is counted', () => {
  const entered = Array.from({ length: 30 }, (_, frame) => at('in', frame * 16, String(frame)));
  const left = Array.from({ length: 10 }, (_, frame) => at('out', frame * 3 * 16 + 83, String(frame * 3)));
  const [pair] = alignedPairs([...entered, ...left], []);

  expect(pair).toMatchObject({ dropped: 20, unmatched: 0, repeated: 0 });
  expect(pair?.rows.map(({ latencyMs, pairing }) => [latencyMs, pairing])).toEqual(Array(10).fill([83, 'frame']));
});

test('without frame ids events are paired by order of time, and the rows state it', () => {
  const [pair] = alignedPairs([at('in', 0), at('out', 100), at('in', 1_000), at('out', 1_180)], []);

  expect(pair?.rows.map(({ latencyMs, pairing }) => [latencyMs, pairing])).toEqual([
    [100, 'fifo'],
    [180, 'fifo'],
  ]);
});

const traced = (stage: string, timeMs: number, traceId: string, frameId?: string): StageEvent => ({
  ...at(stage, timeMs, frameId),
  traceId,
});
const joined = (events: readonly StageEvent[]) => {
  const [pair] = alignedPairs(events, [], { pairs: [['in', 'out']] });
  return {
    rows: pair?.rows.map(({ pairing, latencyMs, frameId, traceId }) => [pairing, latencyMs, frameId, traceId]),
    dropped: pair?.dropped,
    unmatched: pair?.unmatched,
    repeated: pair?.repeated,
  };
};

test('events without a frame id are paired by their trace, and not with those that have neither', () => {
  const events = [traced('in', 0, 't1'), traced('in', 5, 't2'), at('in', 6), traced('out', 50, 't2'), at('out', 60)];

  expect(joined(events)).toEqual({
    rows: [
      ['trace', 45, undefined, 't2'],
      ['fifo', 54, undefined, undefined],
    ],
    dropped: 1,
    unmatched: 0,
    repeated: 0,
  });
});

test('the frame id comes first, and the trace joins an event that has one with an event that has none', () => {
  const events = [
    traced('in', 0, 't1', '1'),
    traced('in', 10, 't2', '2'),
    traced('out', 20, 't3', '1'),
    traced('out', 40, 't2'),
  ];

  expect(joined(events).rows).toEqual([
    ['frame', 20, '1', undefined],
    ['trace', 30, '2', 't2'],
  ]);
});

test('two frames of one trace are two frames: one that was dropped is not paired with the next one', () => {
  const events = [traced('in', 0, 't', '1'), traced('in', 10, 't', '2'), traced('out', 30, 't', '2')];
  const alone = [traced('in', 0, 't', '1'), traced('out', 30, 't', '2')];

  expect(joined(events)).toMatchObject({ rows: [['frame', 20, '2', 't']], dropped: 1, unmatched: 0 });
  expect(joined(alone)).toMatchObject({ rows: [], dropped: 1, unmatched: 1 });
});

test('further events of a trace at a stage are repeated: the first counts', () => {
  const events = [traced('in', 0, 't'), traced('in', 1, 't'), traced('out', 30, 't'), traced('out', 31, 't')];

  expect(joined(events)).toEqual({
    rows: [['trace', 30, undefined, 't']],
    dropped: 0,
    unmatched: 0,
    repeated: 2,
  });
});

test('a frame that was paired by its trace is not paired again', () => {
  const events = [traced('in', 0, 't', '1'), traced('out', 10, 't'), at('out', 20, '1')];

  expect(joined(events)).toMatchObject({ rows: [['trace', 10, '1', 't']], dropped: 0, unmatched: 1 });
});

test('a pipeline that starts again uses its frame ids again: after the window they are other frames', () => {
  const events = [at('in', 0, '1'), at('out', 10, '1'), at('in', 5_000, '1'), at('out', 5_020, '1')];

  expect(joined(events)).toMatchObject({
    rows: [
      ['frame', 10, '1', undefined],
      ['frame', 20, '1', undefined],
    ],
    repeated: 0,
  });
});

test('one program gives any number of pairs: forks, and stages that are skipped', () => {
  const stages = Array.from({ length: 100 }, (_, k) => `s${k}`);
  const events = stages.map((stage, k) => at(stage, k, 'a'));
  const pairs = stages.slice(1).map((stage) => ['s0', stage] as const);

  expect(alignedPairs(events, [], { pairs }).map(({ rows }) => rows[0]?.latencyMs)).toEqual(
    stages.slice(1).map((_, k) => k + 1),
  );
});

test('an event that waits longer than the window was dropped, and the next one is not paired with its successor', () => {
  expect(latencies([at('in', 0), at('in', 2_500), at('out', 2_600)])).toEqual([100]);
  expect(latencies([at('in', 0, 'a'), at('out', 2_001, 'a')])).toEqual([]);
  expect(latencies([at('in', 0, 'a'), at('out', 2_001, 'a')], 3_000)).toEqual([2_001]);
});

test('a second event before the first one, and a frame that comes twice, make no row', () => {
  const events = [at('in', 10, 'a'), at('out', 5, 'a'), at('in', 20, 'b'), at('out', 30, 'b'), at('out', 31, 'b')];
  const [pair] = alignedPairs(events, [], { pairs: [['in', 'out']] });

  expect(pair).toMatchObject({ dropped: 1, unmatched: 1, repeated: 1 });
  expect(pair?.rows.map(({ frameId, latencyMs }) => [frameId, latencyMs])).toEqual([['b', 10]]);
});

test('the same lines in another order give the same rows', () => {
  const events = Array.from({ length: 200 }, (_, k) =>
    at(k % 2 === 0 ? 'in' : 'out', (k * 7919) % 500, String(k >> 1)),
  );
  const rows = (input: readonly StageEvent[]) =>
    JSON.stringify(rowsInOrder(alignedPairs(input, [power(0, 1), power(300, 2)], { pairs: [['in', 'out']] })));
  const shuffled = events.map((event, k) => [(k * 31) % 200, event] as const).sort(([a], [b]) => a - b);

  expect(rows(shuffled.map(([, event]) => event))).toBe(rows(events));
  expect(rows(events.toReversed())).toBe(rows(events));
});

test('power is that of the first stage between its samples, with the time to the nearest, and the energy of the frame', () => {
  const [pair] = alignedPairs(
    [at('in', 250, 'a'), at('out', 1_250, 'a')],
    [power(0, 100), power(1_000, 200), power(2_000, 200)],
  );

  expect(pair?.rows[0]).toMatchObject({ powerWatts: 125, powerAgeMs: 250, uncertaintyMs: 0.02 });
  // 125 to 200 W in 0.75 s, then 200 W for 0.25 s.
  expect(pair?.rows[0]?.energyJoules).toBeCloseTo(0.75 * 162.5 + 0.25 * 200, 9);
});

test('the standard error of power is that of samples that scatter about a line', () => {
  // +1 and -1 W about a rising line: the line between two neighbours is 2 W off, so that the scatter is 2 / √1.5.
  const samples = Array.from({ length: 12 }, (_, k) => power(k * 100, 100 + k * 5 + (k % 2 === 0 ? 1 : -1)));
  const at250 = (given: readonly RawPower[], timeMs: number) =>
    alignedPairs([at('in', timeMs, 'a'), at('out', timeMs + 10, 'a')], given)[0]?.rows[0]?.powerStderrWatts;

  expect(at250(samples, 900)).toBeCloseTo(2 / Math.sqrt(1.5), 9);
  expect(at250(samples, 950)).toBeCloseTo((2 / Math.sqrt(1.5)) * Math.sqrt(0.5), 9);
  expect(
    at250(
      samples.map((each) => ({ ...each, watts: 100 })),
      950,
    ),
  ).toBe(0);
  expect(at250(samples, 250)).toBeUndefined();
});

test('there is no power across a gap, before the first and after the last sample', () => {
  const samples = [0, 100, 200, 300, 2_000, 2_100, 2_200].map((timeMs) => power(timeMs, 50));
  const rows = (first: number, second: number) =>
    alignedPairs([at('in', first, 'a'), at('out', second, 'a')], samples)[0]?.rows[0];

  expect(rows(50, 150)).toMatchObject({ powerWatts: 50, energyJoules: expect.closeTo(5, 9) });
  expect(rows(900, 1_000)).not.toHaveProperty('powerWatts');
  expect(rows(250, 2_050)).toMatchObject({ powerWatts: 50 });
  expect(rows(250, 2_050)).not.toHaveProperty('energyJoules');
  expect(rows(2_150, 2_201)).not.toHaveProperty('energyJoules');
  expect(rows(2_201, 2_300)).not.toHaveProperty('powerWatts');
});

test('what derives from an invented event or sample is marked', () => {
  const events = [at('in', 0, 'a'), at('out', 1, 'a')];
  const invented = [{ ...power(0, 1), simulated: true as const }, power(10, 1)];

  expect(alignedPairs(events, [power(0, 1), power(10, 1)])[0]?.rows[0]).not.toHaveProperty('simulated');
  expect(alignedPairs(events, invented)[0]?.rows[0]).toMatchObject({ simulated: true });
  expect(alignedPairs([{ ...at('in', 0, 'a'), simulated: true }, at('out', 1, 'a')], [])[0]?.rows[0]).toMatchObject({
    simulated: true,
  });
});

test('the pairs are the neighbours in the order in which stages are first reached', () => {
  const events = ['in', 'resized', 'encoded'].flatMap((stage, k) => [at(stage, k, 'a'), at(stage, k + 10, 'b')]);

  expect(alignedPairs(events.toReversed(), []).map(({ pair }) => pair)).toEqual([
    ['in', 'resized'],
    ['resized', 'encoded'],
  ]);
  expect(alignedPairs([at('in', 0)], [])).toEqual([]);
});

test.each([0, -1, Number.NaN])('a window of %s ms is refused', (windowMs) => {
  expect(() => alignedPairs([], [], { windowMs })).toThrow(expect.objectContaining({ option: 'windowMs' }));
});
