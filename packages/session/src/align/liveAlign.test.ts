import type { StageEvent } from '@benchlab-otel/core';
import type { LatencyRow, RawPower } from '@benchlab-otel/wire';
import { formatLatencyLine } from '@benchlab-otel/wire';
import { expect, test } from 'vitest';
import { alignedPairs, rowsInOrder } from './alignedRows.ts';
import { LiveAlign, type LiveAlignOptions } from './liveAlign.ts';

const ms = 1e6;
const at = (stage: string, timeMs: number, frameId?: string): StageEvent => ({
  stage,
  timeNs: timeMs * ms,
  uncertaintyNs: 0,
  source: 'test',
  ...(frameId === undefined ? {} : { frameId }),
});
const power = (timeMs: number, watts: number): RawPower => ({
  timeNs: timeMs * ms,
  uncertaintyNs: 0,
  watts,
  source: 'benchlab.usb',
});

/** A generator of numbers below 1 that are the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

interface Arrival {
  readonly atMs: number;
  readonly event?: StageEvent;
  readonly power?: RawPower;
}

/** Delivers in the order of arrival, with a tick every 100 ms. */
function live(arrivals: readonly Arrival[], options: LiveAlignOptions = {}) {
  const rows: LatencyRow[] = [];
  const align = new LiveAlign({ ...options, onRow: (row) => rows.push(row) });
  let tickMs = 0;
  for (const { atMs, event, power: sample } of arrivals.toSorted((a, b) => a.atMs - b.atMs)) {
    for (; tickMs < atMs; tickMs += 100) align.advance(tickMs * ms);
    if (event !== undefined) align.event(event);
    if (sample !== undefined) align.power(sample);
  }
  align.end();
  return { align, rows };
}

const lines = (rows: readonly LatencyRow[]) => rows.map(formatLatencyLine).sort();

test.each([1, 2, 3, 4, 5])('live rows are those of a pass over the same events afterwards: seed %i', (seed) => {
  const random = seeded(seed);
  const withIds = seed % 2 === 1;
  const arrivals: Arrival[] = [];
  for (let frame = 0; frame < 400; frame++) {
    const [enteredMs, id] = [frame * 17, withIds ? String(frame) : undefined];
    const latencyMs = 20 + Math.floor(random() * 60);
    arrivals.push({ atMs: enteredMs + random() * 300, event: at('in', enteredMs, id) });
    if (!withIds || random() < 0.8) {
      const leftMs = enteredMs + latencyMs;
      arrivals.push({ atMs: leftMs + random() * 300, event: at('out', leftMs, id) });
    }
  }
  for (let k = 0; k < 140; k++) arrivals.push({ atMs: k * 50 + 20, power: power(k * 50, 200 + 20 * random()) });
  const events = arrivals.flatMap(({ event }) => event ?? []);
  const powers = arrivals.flatMap(({ power: sample }) => sample ?? []);
  const pairs = [['in', 'out']] as const;
  const whole = alignedPairs(events, powers, { pairs });
  const { rows, align } = live(arrivals, { pairs });

  expect(align.late).toBe(0);
  expect(lines(rows)).toEqual(lines(rowsInOrder(whole)));
  expect(align.counts[0]).toMatchObject({ dropped: whole[0]?.dropped, unmatched: whole[0]?.unmatched });
});

test.each([1, 2, 3])('events of all kinds of ids are paired live as they are afterwards: seed %i', (seed) => {
  const random = seeded(seed);
  const arrivals: Arrival[] = [];
  for (let k = 0; k < 1_500; k++) {
    const timeMs = k * 11 + Math.floor(random() * 5);
    // Ids come again after some seconds, as those of a pipeline that starts again.
    const [frameId, traceId] = [String(Math.floor(random() * 40) + (k >> 8) * 20), `t${Math.floor(random() * 60)}`];
    const ids = [{ frameId }, { traceId }, { frameId, traceId }, {}][Math.floor(random() * 4)];
    const event = { ...at(random() < 0.5 ? 'in' : 'out', timeMs), ...ids };
    arrivals.push({ atMs: timeMs + random() * 300, event });
  }
  const pairs = [['in', 'out']] as const;
  const [whole] = alignedPairs(
    arrivals.flatMap(({ event }) => event ?? []),
    [],
    { pairs, windowMs: 500 },
  );
  const { rows, align } = live(arrivals, { pairs, windowMs: 500 });

  expect(lines(rows)).toEqual(lines(whole?.rows ?? []));
  expect(new Set(rows.map(({ pairing }) => pairing))).toEqual(new Set(['frame', 'trace', 'fifo']));
  const { dropped, unmatched, repeated } = align.counts[0] ?? {};
  expect({ dropped, unmatched, repeated }).toEqual({
    dropped: whole?.dropped,
    unmatched: whole?.unmatched,
    repeated: whole?.repeated,
  });
});

test('an event that comes too late is counted, and its row is missing', () => {
  const arrivals = Array.from({ length: 20 }, (_, k) => [
    { atMs: k * 100, event: at('in', k * 100, String(k)) },
    { atMs: k === 7 ? k * 100 + 1_500 : k * 100 + 10, event: at('out', k * 100 + 10, String(k)) },
  ]).flat();
  const { rows, align } = live(arrivals, { pairs: [['in', 'out']] });

  expect([align.late, rows.length, align.counts[0]?.dropped]).toEqual([1, 19, 1]);
});

test('a source that is silent holds back nothing: rows come without power', () => {
  const rows: LatencyRow[] = [];
  const align = new LiveAlign({ onRow: (row) => rows.push(row) });
  align.event(at('in', 0, 'a'));
  align.event(at('out', 5, 'a'));
  align.advance(400 * ms);
  expect(rows).toHaveLength(0);
  align.advance(506 * ms);

  expect(rows).toMatchObject([{ latencyMs: 5, pair: ['in', 'out'] }]);
  expect(rows[0]).not.toHaveProperty('powerWatts');
});

test('a row waits two intervals for the sample after it, and then goes without', () => {
  const rows: LatencyRow[] = [];
  const align = new LiveAlign({ onRow: (row) => rows.push(row) });
  for (let k = 0; k < 5; k++) align.power(power(k * 1_000, 100));
  align.event(at('in', 4_100, 'a'));
  align.event(at('out', 4_200, 'a'));
  align.advance(6_150 * ms);
  expect(rows).toHaveLength(0);
  align.advance(6_250 * ms);

  expect(rows).toHaveLength(1);
  expect(rows[0]).not.toHaveProperty('powerWatts');
});

test('a frame that never arrives is dropped once, after the window', () => {
  const align = new LiveAlign({ pairs: [['in', 'out']] });
  align.event(at('in', 0, 'a'));
  align.advance(2_400 * ms);
  expect(align.counts[0]?.dropped).toBe(0);
  align.advance(2_600 * ms);
  align.advance(9_000 * ms);

  expect(align.counts[0]).toMatchObject({ rows: 0, dropped: 1 });
});

test('what waits is bounded', () => {
  const align = new LiveAlign({ pairs: [['in', 'out']], windowMs: 1e9 });
  for (let k = 0; k < 250_000; k++) align.event(at('in', k, String(k)));

  expect(align.counts[0]?.dropped).toBeGreaterThan(90_000);
});

test('a window that is not a time is refused', () => {
  expect(() => new LiveAlign({ windowMs: 0 })).toThrow(expect.objectContaining({ option: 'windowMs' }));
});
