import { expect, test } from 'vitest';
import { LivePairs, type PairedFrame } from './livePairs.ts';

function pairsOf(
  events: readonly (readonly [stage: string, frameId: string | undefined, timeMs: number])[],
  endMs = Number.POSITIVE_INFINITY,
) {
  const frames: PairedFrame[] = [];
  const pairs = new LivePairs((frame) => frames.push(frame));
  for (const [stage, frameId, timeMs] of events) {
    pairs.add({
      kind: 'stage',
      node: 'n',
      stage,
      timeMs,
      timeNs: timeMs * 1e6,
      ...(frameId === undefined ? {} : { frameId }),
    });
  }
  pairs.settle(endMs);
  return { frames: frames.map(({ from, to, latencyMs, isExact }) => [`${from}>${to}`, latencyMs, isExact]), pairs };
}

test('a frame is paired by its id at neighbouring stages, in any order of events', () => {
  const { frames } = pairsOf([
    ['a', '1', 0],
    ['b', '1', 10],
    ['c', '1', 30],
    ['c', '2', 130],
    ['a', '2', 100],
    ['b', '2', 105],
  ]);
  expect(frames).toEqual([
    ['a>b', 10, true],
    ['b>c', 20, true],
    ['a>b', 5, true],
    ['b>c', 25, true],
  ]);
});

test('a frame that reaches no further stage was dropped there, once', () => {
  const { frames } = pairsOf([
    ['a', '1', 0],
    ['b', '1', 10],
    ['a', '2', 20],
    ['a', '3', 30],
    ['b', '3', 35],
  ]);
  expect(frames).toEqual([
    ['a>b', 10, true],
    ['a>b', 5, true],
    ['a>b', undefined, true],
  ]);
});

test('a frame waits for two seconds before it counts as dropped', () => {
  const events = [
    ['a', '1', 0],
    ['b', '1', 1],
    ['a', '2', 1_000],
  ] as const;
  expect(pairsOf(events, 2_999).frames).toHaveLength(1);
  expect(pairsOf(events, 3_001).frames).toHaveLength(2);
});

test('a frame of which a reader has not got all yet is not dropped by the time of now, and is once nothing more comes', () => {
  const frames: PairedFrame[] = [];
  const pairs = new LivePairs((frame) => frames.push(frame));
  const add = (stage: string, frameId: string, timeMs: number) =>
    pairs.add({ kind: 'stage', node: 'n', stage, frameId, timeMs, timeNs: timeMs * 1e6 });
  add('a', '1', 0);
  add('b', '1', 5);
  add('a', '2', 20);
  pairs.settleLive(60_000);
  add('b', '2', 25);
  add('a', '3', 30);
  pairs.settleLive(60_100);
  pairs.settleLive(61_000);
  expect(frames.map(({ latencyMs }) => latencyMs)).toEqual([5, 5]);
  pairs.settleLive(61_100);
  expect(frames.map(({ latencyMs }) => latencyMs)).toEqual([5, 5, undefined]);
});

test('a stage that stands still drops frames while others go on', () => {
  const frames: PairedFrame[] = [];
  const pairs = new LivePairs((frame) => frames.push(frame));
  pairs.add({ kind: 'stage', node: 'n', stage: 'b', frameId: '0', timeMs: 1, timeNs: 1e6 });
  for (let at = 0; at < 50; at++) {
    pairs.add({ kind: 'stage', node: 'n', stage: 'a', frameId: `${at}`, timeMs: at * 100, timeNs: at * 1e8 });
    pairs.settleLive(at * 100);
  }
  expect(frames.filter(({ latencyMs }) => latencyMs === undefined)).toHaveLength(28);
});

test('events without a frame are paired by order of time, and marked', () => {
  const { frames } = pairsOf([
    ['a', undefined, 0],
    ['b', undefined, 7],
    ['a', undefined, 20],
    ['b', undefined, 29],
  ]);
  expect(frames).toEqual([
    ['a>b', 7, false],
    ['a>b', 9, false],
  ]);
});

test('a second event of a frame at a stage does not count, and 10,000 stages are bounded', () => {
  const { frames, pairs } = pairsOf([
    ['a', '1', 0],
    ['a', '1', 1],
    ['b', '1', 10],
    ...Array.from({ length: 10_000 }, (_, at) => [`stage ${at}`, undefined, 20 + at] as const),
  ]);
  expect(frames[0]).toEqual(['a>b', 10, true]);
  expect(pairs.ignored).toBe(1 + 10_000 - 62);
});

test('frames that never end are bounded: the oldest is given up', () => {
  const { frames } = pairsOf(
    [['a', '0', 0], ['b', '0', 1], ...Array.from({ length: 5_000 }, (_, at) => ['a', `f${at}`, 2] as const)],
    3,
  );
  // One complete frame, and those beyond the bound.
  expect(frames).toHaveLength(1 + 5_001 - 4_096 - 1);
});
