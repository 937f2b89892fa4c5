import type { StageEvent } from '@benchlab-otel/core';
import { describe, expect, it, test } from 'vitest';
import { alignedPairs } from '../align/alignedRows.ts';
import type { ReadSession } from '../readSession.ts';
import { parseFlow } from './flow.ts';
import { flowReport } from './flowReport.ts';

const flow = parseFlow(
  {
    flow: 'journey',
    steps: [
      {
        id: 'eye',
        copy: 'Look.',
        ops: ['device:retina:capture', 'bookmark:retina_start', 'later:x'],
        latency_target_ms: 120,
      },
      { id: 'done' },
    ],
    unknown: 1,
  },
  'flow.yaml',
);

describe('a file of a flow', () => {
  it('keeps operations that it does not know, and needs only the id of a step', () => {
    expect(flow.steps).toEqual([
      {
        id: 'eye',
        copy: 'Look.',
        ops: ['device:retina:capture', 'bookmark:retina_start', 'later:x'],
        latency_target_ms: 120,
      },
      { id: 'done' },
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', null, /is wrong: /],
    ['no steps', { flow: 'a', steps: [] }, /at steps: /],
    ['no id', { flow: 'a', steps: [{ copy: 'x' }] }, /at steps\[0\]\.id: /],
    ['an id twice', { flow: 'a', steps: [{ id: 'x' }, { id: 'x' }] }, /at steps: .*ids of their own/],
    ['the id end', { flow: 'a', steps: [{ id: 'end' }] }, /at steps\[0\]\.id: /],
    ['a control character', { flow: 'a', steps: [{ id: 'a\nb' }] }, /control characters/],
    ['a target of 0', { flow: 'a', steps: [{ id: 'x', latency_target_ms: 0 }] }, /latency_target_ms/],
    ['a target as text', { flow: 'a', steps: [{ id: 'x', latency_target_ms: '120' }] }, /latency_target_ms/],
    ['operations as text', { flow: 'a', steps: [{ id: 'x', ops: 'device:a' }] }, /ops/],
  ])('%s is refused with its place', (_, value, reason) => {
    expect(() => parseFlow(value, 'flow.yaml')).toThrow(reason);
    expect(() => parseFlow(value, 'flow.yaml')).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});

const ms = 1e6;
const at = (stage: string, timeMs: number, frame?: number): StageEvent => ({
  stage,
  timeNs: timeMs * ms,
  uncertaintyNs: 0,
  source: 'test',
  ...(frame === undefined ? {} : { frameId: String(frame) }),
});

/** A frame each 100 ms from 0 to 10 s, of 50 ms before 5 s and 150 ms after; 100 W. */
function session(marks: readonly StageEvent[], bookmarks: { timeNs: number; name: string }[] = []): ReadSession {
  const frames = Array.from({ length: 100 }, (_, k) => [
    at('in', k * 100, k),
    at('out', k * 100 + (k < 50 ? 50 : 150), k),
  ]).flat();
  const events = [...frames, ...marks];
  const powers = Array.from({ length: 111 }, (_, k) => ({
    timeNs: k * 100 * ms,
    uncertaintyNs: 0,
    watts: 100,
    source: 'benchlab.usb',
  }));
  const raw = { events, powers, others: new Map(), refused: { count: 0, first: [] }, cut: [] };
  const file = bookmarks.length === 0 ? {} : { file: { openedAt: '2025-11-11T14:30:00.000Z', bookmarks } as never };
  return { paths: {} as never, raw, pairs: alignedPairs(events, powers), ...file };
}

test('each step has the frames that entered while it ran, its verdict and its energy', () => {
  const marks = [
    at('flow:eye', 1_000),
    at('bookmark:retina_start', 1_001),
    at('flow:done', 3_000),
    at('flow:end', 4_000),
  ];
  const { pair, steps } = flowReport(flow, session(marks), 'a session');

  expect(pair).toEqual(['in', 'out']);
  expect(steps).toMatchObject([
    { id: 'eye', runs: 1, seconds: 2, frames: 20, p50Ms: 50, p95Ms: 50, targetMs: 120, isTargetMet: true },
    { id: 'done', runs: 1, seconds: 1, frames: 10, p95Ms: 50 },
  ]);
  expect(steps[0]?.joules).toBeCloseTo(200, 6);
  expect(steps[1]).not.toHaveProperty('isTargetMet');
});

test('a step that ran twice counts all of its time, and one that is slow misses its target', () => {
  const marks = [at('flow:eye', 0), at('flow:end', 1_000), at('flow:eye', 6_000), at('flow:end', 8_000)];
  const [eye, done] = flowReport(flow, session(marks), 'a session').steps;

  expect(eye).toMatchObject({ runs: 2, seconds: 3, frames: 30, p50Ms: 150, isTargetMet: false });
  expect(done).toMatchObject({ runs: 0, frames: 0 });
  expect(done).not.toHaveProperty('joules');
});

test('without marks of the flow, bookmarks that are called like a step or its bookmark begin it', () => {
  const bookmarks = [
    { timeNs: 1_000 * ms, name: 'retina_start' },
    { timeNs: 2_000 * ms, name: 'something else' },
    { timeNs: 3_000 * ms, name: 'done' },
  ];
  const { steps, openedAt } = flowReport(flow, session([], bookmarks), 'a session');

  expect(openedAt).toBe('2025-11-11T14:30:00.000Z');
  expect(steps).toMatchObject([
    { seconds: 2, frames: 20 },
    { seconds: 8, frames: 70 },
  ]);
});

test('a session without the flow has steps that did not run, and the energy of a step outside of the samples is absent', () => {
  expect(flowReport(flow, session([]), 'x').steps.map(({ runs }) => runs)).toEqual([0, 0]);
  const [eye] = flowReport(flow, session([at('flow:eye', 10_000), at('flow:end', 20_000)]), 'x').steps;

  expect(eye).not.toHaveProperty('joules');
});

test('another pair of stages can be wanted', () => {
  const marks = [at('flow:eye', 0), at('flow:end', 1_000)];

  expect(flowReport(flow, session(marks), 'x', ['out', 'in'])).not.toHaveProperty('pair');
});
