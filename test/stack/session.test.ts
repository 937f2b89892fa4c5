// A session of a real pipeline and of an agent with an emulated board, recorded by the command as it is installed.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gstPipeline } from '../../scripts/stack-system.mjs';
import { until } from './process.ts';

const bin = fileURLToPath(new URL('../../packages/probe-cli/bin/benchlab-probe.mjs', import.meta.url));

let folder: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-stack-session-'));
});
afterEach(async () => {
  const left = running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  running = [];
  await Promise.all(left.map((child) => new Promise((resolve) => child.once('close', resolve).kill())));
  rmSync(folder, { recursive: true });
});

function probe(...args: readonly string[]) {
  const child = spawn(process.execPath, [bin, ...args]);
  running.push(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes) => (out += bytes));
  child.stderr.on('data', (bytes) => (err += bytes));
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

test('a leaky queue: every frame has a row or is counted as dropped, and rows have the power of the board', async () => {
  const socket = join(folder, 'agent.sock');
  void probe('agent', '--simulate', '--no-nvml', '--no-host', '--socket', socket, '--metrics-port', '0');
  await until('the agent', () => existsSync(socket), 30_000);
  const frames = 300;
  const pipeline = `videotestsrc num-buffers=${frames} is-live=true ! video/x-raw,width=64,height=48,framerate=100/1 ! identity name=ingress ! queue leaky=downstream max-size-buffers=3 ! identity sleep-time=30000 ! jpegenc name=encoded ! fakesink`;
  const at = ['--data-root', folder, '--session', 'leaky', '--agent', socket];
  const { code, err } = await probe('sessions', 'record', ...at, '--', ...gstPipeline(pipeline));
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringMatching(/^Recording into .*\n$/) });

  const session = join(folder, 'sessions/leaky');
  const lines = (path: string) =>
    readFileSync(join(session, path), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  const events = lines('raw/pipeline.jsonl');
  const ids = (stage: string) =>
    new Set(events.filter(({ kv }) => kv.stage === stage).map(({ kv }) => kv.frame_id as string));
  const rows = lines('aligned/latency.jsonl');
  expect(ids('ingress').size).toBe(frames);
  expect(rows.map(({ kv }) => kv.frame_id).sort()).toEqual([...ids('encoded')].sort());
  expect(rows.every(({ kv }) => kv.pairing === 'frame' && kv.simulated === true)).toBe(true);
  expect(rows.filter(({ kv }) => kv.power_w > 0).length).toBeGreaterThan(rows.length / 2);

  const shown = JSON.parse((await probe('sessions', 'show', session, '--json')).out);
  const [pair] = shown.sessions[0].pairs;
  expect(pair).toMatchObject({ pair: ['ingress', 'encoded'], frames: rows.length, dropped: frames - rows.length });
  expect(pair.dropped).toBeGreaterThan(100);
  const file = JSON.parse(readFileSync(join(session, 'session.json'), 'utf8'));
  expect(file.sources).toMatchObject([{ simulated: true, bench: true }, { id: 'gst' }]);
  expect(file.closedAt).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});
