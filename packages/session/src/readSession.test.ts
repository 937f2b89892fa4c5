import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { formatLatencyLine } from '@benchlab-otel/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatSessionFile } from './folder/sessionFile.ts';
import { pairSummary } from './pairSummary.ts';
import { readSession } from './readSession.ts';
import { partOfSession } from './show/partOfSession.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-session-'));
  mkdirSync(join(folder, 'raw'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string | Buffer) => writeFileSync(join(folder, 'raw', name), text);
const stage = (name: string, timeMs: number, frame: number) =>
  `${JSON.stringify({ ts_ns: timeMs * 1e6, source: 'pipeline', kv: { stage: name, frame_id: frame } })}\n`;
const watts = (timeMs: number, p_sys: number) =>
  `${JSON.stringify({ ts_ns: timeMs * 1e6, source: 'benchlab.usb', kv: { p_sys }, cal: { offset_ns: 0, rtt_ns: 1_500_000 } })}\n`;

test('lines of all segments are read, packed ones too', async () => {
  put('pipeline.1.jsonl.gz', gzipSync(stage('in', 0, 1) + stage('out', 10, 1)));
  put('pipeline.jsonl', stage('in', 100, 2) + stage('out', 120, 2));
  put('benchlab.jsonl', watts(0, 100) + watts(100, 100) + watts(200, 100));
  put('telemetry.jsonl', '{"ts_ns":5,"source":"gpu.nvml","kv":{"gpu_util":85.2}}\n');
  const { pairs, raw } = await readSession(folder);

  expect(pairs[0]?.rows.map(({ latencyMs, powerWatts }) => [latencyMs, powerWatts])).toEqual([
    [10, 100],
    [20, 100],
  ]);
  expect(raw.powers[0]).toMatchObject({ uncertaintyNs: 750_000 });
  expect([...raw.others]).toEqual([['gpu.nvml', 1]]);
  expect(pairs.map(pairSummary)).toEqual([
    {
      pair: ['in', 'out'],
      frames: 2,
      dropped: 0,
      unmatched: 0,
      p50Ms: 10,
      p95Ms: 20,
      p99Ms: 20,
      maxMs: 20,
      joulesPerFrame: expect.closeTo(1.5, 9),
      energyCoverage: 1,
      byOrder: 0,
      simulated: false,
      worst: [expect.objectContaining({ frameId: '2', latencyMs: 20 }), expect.objectContaining({ frameId: '1' })],
    },
  ]);
});

test('the lines of newer programs, whose power is a list of rails, are read: their total, or the sum of the rails', async () => {
  const list = (timeNs: number, power: object[]) =>
    `${JSON.stringify({ ts_ns: timeNs, source: 'benchlab', kv: { power } })}\n`;
  put(
    'benchlab-0011.jsonl',
    list(1, [
      { rail: 'ATX_12V', power: 20 },
      { rail: 'EPS1', power: 30 },
    ]) +
      list(2, [
        { rail: 'EPS1', power: 30 },
        { rail: 'SYS', power: 55 },
      ]),
  );

  expect((await readSession(folder)).raw.powers.map(({ watts: each }) => each)).toEqual([50, 55]);
});

test('a wrong line is counted with its place, and the lines around it are read', async () => {
  const wrong = [
    '{"ts_ns":5',
    '[]',
    '{"source":"pipeline","kv":{"stage":"in"}}',
    '{"ts_ns":1e400,"source":"benchlab.usb","kv":{"p_sys":1}}',
    '{"ts_ns":-5,"source":"benchlab.usb","kv":{"p_sys":1}}',
    '{"ts_ns":1762871400000000000,"source":"benchlab.usb","kv":{"p_sys":1}}',
    '{"ts_ns":5,"kv":{"p_sys":1}}',
    '{"ts_ns":5,"source":"benchlab.usb"}',
    '{"ts_ns":5,"source":"benchlab.usb","kv":{"p_sys":-1}}',
    '{"ts_ns":5,"source":"benchlab.usb","kv":{"p_sys":"240"}}',
    '{"ts_ns":5,"source":"benchlab.usb","kv":{"p_sys":4294967295}}',
    '{"ts_ns":5,"source":"benchlab.usb","kv":{"power":[{"rail":"EPS1"}]}}',
    `{"ts_ns":5,"source":"${'x'.repeat(70_000)}"}`,
    '\0',
    `${'['.repeat(5_000)}`,
  ];
  put('benchlab.jsonl', `${watts(1, 100)}\n${wrong.join('\n')}\n${watts(2, 100)}`);
  const { raw } = await readSession(folder);

  expect(raw.powers).toHaveLength(2);
  expect(raw.refused.count).toBe(wrong.length);
  expect(raw.refused.first[0]).toBe('raw/benchlab.jsonl line 3: not a JSON object');
  expect(raw.refused.first[12]).toBe('raw/benchlab.jsonl line 15: more than 65536 bytes');
});

test('a power that is null was not measured: the line is not wrong', async () => {
  put('benchlab.jsonl', `{"ts_ns":5,"source":"benchlab.usb","kv":{"p_sys":null,"temp_c":40}}\n${watts(1, 100)}`);
  const { raw } = await readSession(folder);

  expect([raw.powers.length, raw.refused.count]).toEqual([1, 0]);
});

test('the places of 20 wrong lines are kept, the others are counted', async () => {
  put('benchlab.jsonl', 'x\n'.repeat(1_000));
  const { raw } = await readSession(folder);

  expect([raw.refused.count, raw.refused.first.length]).toEqual([1_000, 20]);
});

test('a packed segment that was cut is read up to the cut', async () => {
  const packed = gzipSync(Array.from({ length: 5_000 }, (_, k) => watts(k, 100 + (k % 7))).join(''));
  put('benchlab.jsonl.gz', packed.subarray(0, packed.length / 2));
  const { raw } = await readSession(folder);

  expect(raw.powers.length).toBeGreaterThan(100);
  expect(raw.cut).toEqual([expect.stringMatching(/^raw\/benchlab\.jsonl\.gz after line \d+: unexpected end of file$/)]);
});

test('a packed segment that unpacks to hundreds of times its size is given up', async () => {
  put('benchlab.jsonl.gz', gzipSync(Buffer.alloc(100_000_000, ' ')));

  expect((await readSession(folder)).raw.cut).toEqual([expect.stringMatching(/it unpacks to too much/)]);
});

test('a link in raw/ is not followed', async () => {
  const outside = join(folder, 'outside.jsonl');
  writeFileSync(outside, watts(1, 1));
  symlinkSync(outside, join(folder, 'raw', 'benchlab.jsonl'));

  await expect(readSession(folder)).rejects.toThrow(/has no lines/);
});

test('a folder without lines, and one that does not exist, are refused', async () => {
  await expect(readSession(folder)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  await expect(readSession(join(folder, 'nowhere'))).rejects.toThrow(/nowhere\/raw cannot be read/);
});

test('lines that state the time of day are translated by the clocks of session.json, also where others are CLOCK_MONOTONIC', async () => {
  const openedNs = 1_762_871_400_000_000_000n;
  const epochMs = (ms: number) => `${openedNs + BigInt(ms) * 1_000_000n}`;
  put('pipeline.jsonl', stage('in', 1_000, 1) + stage('in', 2_000, 2));
  put(
    'camera.jsonl',
    `{"ts_ns":${epochMs(40)},"source":"pipeline","kv":{"stage":"out","frame_id":1}}\n` +
      `{"timeNs":${epochMs(1_050)},"uncertaintyNs":7,"stage":"out","frameId":"2"}\n`,
  );
  put('benchlab.jsonl', `${watts(900, 200)}{"ts_ns":${epochMs(100)},"source":"benchlab.usb","kv":{"p_sys":300}}\n`);
  // CLOCK_MONOTONIC was 1 s when the session opened.
  const clocks = [{ timeNs: 1e9, epochNs: String(openedNs), uncertaintyNs: 500 }];
  const monotonic = { id: 'a', name: 'board', clock: 'monotonic' as const, simulated: false };
  writeFileSync(
    join(folder, 'session.json'),
    formatSessionFile({
      schema: 'benchlab-otel/session',
      version: 1,
      name: 'x',
      openedAt: '2025-11-11T14:30:00.000Z',
      sources: [monotonic, { ...monotonic, id: 'b', name: 'camera', clock: 'epoch' }],
      clocks,
      host: {},
      tags: {},
      comment: '',
      bookmarks: [],
      holes: [],
    }),
  );
  const { pairs, raw } = await readSession(folder);

  expect(raw.refused.count).toBe(0);
  expect(pairs[0]?.rows.map(({ latencyMs }) => latencyMs)).toEqual([expect.closeTo(40, 2), expect.closeTo(50, 2)]);
  expect(pairs[0]?.rows[0]?.uncertaintyMs).toBeCloseTo(0.000_628, 6);
  expect(pairs[0]?.rows[0]?.powerWatts).toBeCloseTo(250, 1);
});

test('without session.json there is nothing to translate the time of day by: such lines are refused, with the reason', async () => {
  put('pipeline.jsonl', `${stage('in', 1, 1)}{"ts_ns":1762871400000000000,"source":"pipeline","kv":{"stage":"out"}}\n`);
  const { raw } = await readSession(folder);

  expect(raw.events).toHaveLength(1);
  expect(raw.refused.first).toEqual(['raw/pipeline.jsonl line 2: "ts_ns" is the time of day, not CLOCK_MONOTONIC']);
});

test('sources of two clocks are refused, and named', async () => {
  put('benchlab.jsonl', watts(1, 1));
  const source = { id: 'a', name: 'board', clock: 'monotonic' as const, simulated: false };
  const clocks = [{ timeNs: 1, epochNs: '1762871400000000000', uncertaintyNs: 1 }];
  const others = { host: {}, tags: {}, comment: '', bookmarks: [], holes: [], clocks };
  const sources = [source, { ...source, name: 'camera', clock: 'monotonic-raw' as const }];
  const openedAt = '2025-11-11T14:30:00.000Z';
  const file = formatSessionFile({
    schema: 'benchlab-otel/session',
    version: 1,
    name: 'x',
    openedAt,
    sources,
    ...others,
  });
  writeFileSync(join(folder, 'session.json'), file);

  await expect(readSession(folder)).rejects.toThrow(
    /states different clocks: monotonic of board, and monotonic-raw of camera/,
  );
});

test('a session whose raw lines were removed has the rows that are left, and does not know what was dropped', async () => {
  put('pipeline.jsonl', [stage('in', 1_000, 1), stage('out', 1_020, 1), stage('in', 1_040, 2)].join(''));
  const { pairs: before } = await readSession(folder);
  mkdirSync(join(folder, 'aligned'), { recursive: true });
  const rows = (before[0]?.rows ?? []).map((row) => `${formatLatencyLine(row)}\n`).join('');
  writeFileSync(join(folder, 'aligned/latency.jsonl'), `${rows}rubbish\n`);
  rmSync(join(folder, 'raw'), { recursive: true });

  const { pairs, raw, isRowsAlone } = await readSession(folder);
  expect(isRowsAlone).toBe(true);
  expect(pairs).toEqual([{ ...before[0], dropped: undefined, droppedNs: [] }]);
  expect(raw.refused).toEqual({ count: 1, first: ['aligned/latency.jsonl line 2: not a JSON object'] });
  expect((await readSession(folder, { pairs: [['a', 'b']] })).pairs).toMatchObject([{ pair: ['a', 'b'], rows: [] }]);
  expect(partOfSession(await readSession(folder), { from: 5 }).pairs[0]).toMatchObject({
    rows: [],
    dropped: undefined,
  });
});

test('a folder without lines and without rows is refused', async () => {
  rmSync(join(folder, 'raw'), { recursive: true, force: true });
  await expect(readSession(folder)).rejects.toThrow(/raw cannot be read/);
});
