import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ScreenDevice } from '@benchlab-otel/dashboard/terminal';
import { formatKernelFile } from '@benchlab-otel/wire';
import { afterAll, describe, expect, test } from 'vitest';
import { exitCode } from '../command/exitCode.ts';
import { inputOf, probed, startProbe } from '../host/testHost.suite.ts';

const sample = fileURLToPath(new URL('../../../../data/sample', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'benchlab-tui-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function newFile(text: string): string {
  const file = join(folder, `file-${files++}`);
  writeFileSync(file, text);
  return file;
}

const line = (event: string, atMs: number, more: object = {}) =>
  `${JSON.stringify({ timestamp: new Date(atMs).toISOString(), component: 'infer', event, context: { correlation_id: 'r1' }, ...more })}\n`;
const run = (latencyMs: number) => line('launch', 1.7e12) + line('completion', 1.7e12 + latencyMs);

describe('once', () => {
  test('a session gives its figures as JSON, value and unit apart', async () => {
    const { code, out } = await probed('tui', '--input', sample, '--once', '--json');
    expect(code).toBe(exitCode.pass);
    expect(JSON.parse(out)).toMatchObject({
      simulated: true,
      series: [{ name: 'ingress → encoded', pairing: 'fifo', p95: { value: 180, unit: 'ms' } }],
      power: { max: { value: 250, unit: 'W' } },
      refusedLines: 0,
    });
  });

  test('a file of events gives lines of fields, and its refused lines are reported', async () => {
    const { code, out, err } = await probed('tui', '--input', newFile(`${run(40)}{"half\n`), '--plain');
    expect(code).toBe(exitCode.pass);
    expect(out).toContain('run\tlocal\tinfer\tp95\t40\tms\n');
    expect(err).toContain('1 line refused');
  });

  test('standard input is read to its end', async () => {
    const { ended } = startProbe(['tui', '--input', 'rig=-', '--plain'], { input: inputOf(run(40)) });
    expect((await ended).out).toContain('run\trig\tinfer\tp95\t40\tms\n');
  });

  test('a snapshot has the screen, or exactly its rows', async () => {
    const text = await probed('tui', '--input', sample, '--snapshot', 'text');
    expect(text.out).toMatch(/■ recording[^\n]*SIMULATED/);
    const csv = await probed('tui', '--input', sample, '--snapshot', 'csv');
    expect(csv.out.trim().split('\n')).toHaveLength(3);
  });

  test('a baseline and a list of kernels give findings in words', async () => {
    const many = (latencyMs: number) => run(latencyMs).repeat(25);
    const kernels = formatKernelFile({ pipeline: 'p', revision: '1', target: 't', kernels: [], missing: [] });
    const kernel = line('diagnostic', 1.7e12, { diagnostics: { kernel_variant: 'cpu' } });
    const args = ['--baseline', newFile(many(20)), '--kernels', newFile(kernels)];
    const { out } = await probed('tui', '--input', newFile(many(40) + kernel), '--plain', ...args);
    expect(out).toContain('infer: p95 is 100 % slower than the baseline (n 25 against 25)');
    expect(out).toContain('kernel cpu runs, and the build does not know it');
  });

  test('a recording is read again with the same figures', async () => {
    const [record, input] = [join(folder, 'recorded.jsonl'), newFile(run(40))];
    const first = await probed('tui', '--input', `rig=${input}`, '--plain', '--record', record);
    const second = await probed('tui', '--replay', record, '--plain');
    expect(second.out).toBe(first.out);
    expect(readFileSync(record, 'utf8')).toContain('"node":"rig"');
  });

  test('nothing to read is not a success', async () => {
    expect(await probed('tui', '--input', newFile(''), '--json')).toMatchObject({ code: exitCode.inconclusive });
    const absent = await probed('tui', '--input', join(folder, 'absent'), '--json');
    expect(absent).toMatchObject({ code: exitCode.trouble, err: expect.stringContaining('There is no') });
  });
});

test.each([
  [['--once'], /No input is named\. Write --input telemetry\.jsonl/],
  [['--input', 'tcp:host', '--once'], /--input is "tcp:host"\. It must be a file/],
  [['--input', 'a', '--input', 'a', '--once'], /--input is "a"\. It must be named once/],
  [['--input', 'a'], /not a terminal that can be redrawn.* Add --once --plain/],
  [['--input', 'a', '--columns', 'p59'], /--columns is "p59".* Did you mean p50\?/],
  [['--input', 'a', '--theme', 'drak'], /There is no theme "drak"\. Did you mean dark\?/],
  [['--input', 'a', '--refresh', '10ms'], /Write a time from 50ms to 10s/],
  [['--replay', 'a', '--speed', '0'], /Write a number from 0\.01 to 1000/],
  [['--replay', 'a', '--input', 'b'], /cannot be used with/],
  [['--input', 'a', '--once', '--baseline', '/no/such'], /\/no\/such cannot be read/],
  [['--input', 'a', '--once', '--kernels', '/no/such'], /\/no\/such cannot be read.* Name the kernels\.json/],
] as const)('%j is refused with what to do', async (args, message) => {
  const { code, err } = await probed('tui', ...args);
  expect(code).toBe(exitCode.usage);
  expect(err).toMatch(message);
});

test('a file is not recorded into itself', async () => {
  const file = newFile(run(40));
  const { code, err } = await probed('tui', '--input', `rig=${file}`, '--once', '--record', file);
  expect(code).toBe(exitCode.usage);
  expect(err).toContain('another file than the inputs');
});

test('on a terminal it draws until a key ends it, and gives the screen back', async () => {
  let [written, press] = ['', (_keys: string): void => undefined];
  const drawn = new Set<() => void>();
  const device: ScreenDevice = {
    columns: 80,
    rows: 24,
    write: async (text) => {
      written += text;
      for (const look of drawn) look();
    },
    writeSync: (text) => {
      written += text;
    },
    listen(input) {
      press = input;
      return () => undefined;
    },
    onResize: () => () => undefined,
    suspend: () => undefined,
    onJob: () => () => undefined,
  };
  const out = { out: () => undefined, err: () => undefined, columns: 80, rows: 24 };
  const terminal = { ...out, redraws: true, onClosed: () => undefined, written: async () => undefined };
  const running = startProbe(['tui', '--input', newFile(run(40))], { terminal, screen: () => device });
  await new Promise<void>((resolve) => {
    const look = () => {
      if (written.includes('recording')) resolve();
    };
    drawn.add(look);
    look();
  });
  press('q');
  expect((await running.ended).code).toBe(exitCode.pass);
  expect(written.startsWith('\x1b[?1049h')).toBe(true);
  expect(written.endsWith('\x1b[?1049l')).toBe(true);
  expect(running.listeners).toBe(0);
});
