// The queries of docs/session-exports.md, run by DuckDB on what `sessions export --format parquet` writes.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { binary } from '../../scripts/stack-parts.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'packages/probe-cli/bin/benchlab-probe.mjs');
const ms = 1e6;

type Row = Readonly<Record<string, string | number | null>>;
let folder: string;
/** Rows by the first line of their query. */
let answers: ReadonlyMap<string, readonly Row[]>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-parquet-queries-'));
  // Two frames without ids: 100 ms at 240 W, and 180 ms at 250 W, after which no sample comes.
  cpSync(join(root, 'data/sample'), join(folder, 'sessions/a-sample'), { recursive: true });
  writeSteady(join(folder, 'sessions/b-steady/raw'));
  const args = ['sessions', 'export', 'sessions/*', '--format', 'parquet', '--out', 'tables'];
  execFileSync(process.execPath, [bin, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const page = readFileSync(join(root, 'docs/session-exports.md'), 'utf8');
  const queries = [...page.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, query = '']) => query);
  const script = fileURLToPath(new URL('parquet_queries.py', import.meta.url));
  const printed = execFileSync(binary('python'), [script], { cwd: folder, input: JSON.stringify(queries) });
  const results: Row[][] = JSON.parse(String(printed));
  answers = new Map(queries.map((query, at) => [query.split('\n')[0] ?? '', results[at] ?? []]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 100 frames with ids, of 10 to 109 ms, at 200 W. */
function writeSteady(raw: string): void {
  const line = (timeMs: number, source: string, kv: object) =>
    `${JSON.stringify({ ts_ns: timeMs * ms, source, kv })}\n`;
  const stages = Array.from({ length: 100 }, (_, frame) => [
    line(1_000 + frame * 10, 'pipeline', { stage: 'ingress', frame_id: frame }),
    line(1_000 + frame * 10 + 10 + frame, 'pipeline', { stage: 'encoded', frame_id: frame }),
  ]);
  const powers = Array.from({ length: 40 }, (_, k) => line(900 + k * 50, 'benchlab.usb', { p_sys: 200 }));
  mkdirSync(raw, { recursive: true });
  writeFileSync(join(raw, 'pipeline.jsonl'), stages.flat().join(''));
  writeFileSync(join(raw, 'benchlab.jsonl'), powers.join(''));
}

const answer = (title: string) => answers.get(`-- ${title}`);

test('there is a file of each session, and each query of the page gives rows', () => {
  expect(readdirSync(join(folder, 'tables')).length).toBe(2);
  expect(answers.size).toBe(5);
  for (const [query, rows] of answers) expect(rows.length, query).toBeGreaterThan(0);
});

test('latency of each session: percentiles are latencies that were measured', () => {
  const stages = { stage_from: 'ingress', stage_to: 'encoded' };
  expect(answer('Latency of each session, in milliseconds')).toEqual([
    { session: 'a-sample', ...stages, frames: 2, p50_ms: 100, p95_ms: 180, max_ms: 180 },
    { session: 'b-steady', ...stages, frames: 100, p50_ms: 59, p95_ms: 104, max_ms: 109 },
  ]);
});

test('energy of a frame: a frame without a sample after it has none, and is not counted as 0', () => {
  const rows = answer('Energy of a frame, and the share of frames that have one') ?? [];
  expect(rows).toMatchObject([
    { session: 'a-sample', with_energy: 0.5 },
    { session: 'b-steady', with_energy: 1 },
  ]);
  // 240.5 W for 0.1 s; 200 W for 59.5 ms in the mean.
  expect(rows[0]?.joules_per_frame).toBeCloseTo(24.05, 4);
  expect(rows[1]?.joules_per_frame).toBeCloseTo(11.9, 4);
});

test('the slowest frames of all sessions', () => {
  const rows = answer('The ten slowest frames of all sessions') ?? [];
  expect(rows.map(({ session, latency_ms: latencyMs }) => [session, latencyMs]).slice(0, 3)).toEqual([
    ['a-sample', 180],
    ['b-steady', 109],
    ['b-steady', 108],
  ]);
  expect(rows[0]).toMatchObject({ frame_id: null, power_w: 250 });
  expect(rows[1]).toMatchObject({ frame_id: '99', power_w: 200, time_ns: (1_990 + 109) * ms });
});

test('latency by power, and how frames were paired', () => {
  expect(answer('Latency by power: do the frames that take longer cost more?')).toMatchObject([
    { watts_from: 200, frames: 100, mean_ms: 59.5 },
    { watts_from: 240, frames: 1, mean_ms: 100 },
    { watts_from: 250, frames: 1, mean_ms: 180, mean_joules: null },
  ]);
  expect(answer('What was paired by order of time, which is wrong once a frame was dropped')).toEqual([
    { session: 'a-sample', pairing: 'fifo', frames: 2 },
    { session: 'b-steady', pairing: 'frame', frames: 100 },
  ]);
});
