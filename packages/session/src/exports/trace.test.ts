import { expect, test } from 'vitest';
import { sixtyHertz } from './rows.suite.ts';
import { traceFile } from './traceFile.ts';
import { parseTrace } from './traceSchema.ts';

const sensors = [
  { source: 'benchlab.usb', key: 'p_sys', timesNs: [0.9e9, 1.1e9], values: [240, 250], simulated: false },
];
const meta = { session: 'a session', comment: 'in to out', sensors };
const traced = (rows: Parameters<typeof traceFile>[0]) => [...traceFile(rows, meta)].join('');

test('a trace reads back to the same rows, number by number', () => {
  const rows = sixtyHertz(100).map((row, k) => ({ ...row, timeNs: row.timeNs + k / 3, latencyMs: 10.1 + k / 7 }));

  expect(parseTrace(traced(rows)).rows.toSorted((a, b) => a.timeNs - b.timeNs)).toEqual(rows);
});

test('frames are slices in the lane of their pair, sensors are counters', () => {
  const { events, session } = parseTrace(traced(sixtyHertz(2)));

  expect(session).toBe('a session');
  expect(events).toMatchObject([
    { ph: 'M', name: 'process_name', args: { name: 'a session' } },
    { ph: 'M', name: 'thread_name', tid: 1, args: { name: 'in → out' } },
    { ph: 'X', name: 'in → out', tid: 1, ts: 0, dur: 10_500, args: { frameId: '0', powerWatts: 246.25 } },
    { ph: 'X', tid: 1, ts: 16_667 },
    { ph: 'C', name: 'benchlab.usb p_sys', ts: -89_500, args: { Power: 240 } },
    { ph: 'C', ts: 110_500, args: { Power: 250 } },
  ]);
});

test('slices of one lane do not overlap: frames that do get lanes of their own', () => {
  const long = sixtyHertz(200).map((row) => ({ ...row, latencyMs: 40 }));
  const { events } = parseTrace(traced(long));
  const ends = new Map<number, number>();
  for (const event of events) {
    if (event.ph !== 'X') continue;
    expect(event.ts).toBeGreaterThanOrEqual((ends.get(event.tid) ?? 0) - 1e-3);
    ends.set(event.tid, event.ts + event.dur);
  }
  const lanes = events.flatMap((event) => (event.ph === 'M' && event.name === 'thread_name' ? [event.args.name] : []));

  expect(lanes).toEqual(['in → out', 'in → out (2)', 'in → out (3)']);
});

test('a session without frames and sensors is a trace', () => {
  expect(parseTrace([...traceFile([], { ...meta, sensors: [] })].join('')).rows).toEqual([]);
});

test.each([
  ['', /not JSON/],
  ['[]', /wrong at its root/],
  [traced(sixtyHertz(1)).slice(0, -5), /not JSON, or was cut short/],
  [traced(sixtyHertz(1)).replace('"ph":"X"', '"ph":"Q"'), /traceEvents\.2/],
  [traced(sixtyHertz(1)).replace('"version":1', '"version":2'), /otherData\.version/],
])('what is not such a trace is refused with its place: %#', (json, reason) => {
  expect(() => parseTrace(json)).toThrow(reason);
});
