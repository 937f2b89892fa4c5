// `run` that is refused before its program starts.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { constantBench, type EmulatorOptions, emulateBoard } from '@benchlab-otel/emulator';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { checkout, script } from '../host/programs.suite.ts';
import { probed, startProbe } from '../host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../run/budgetedRun.ts';

// Each test starts a program with telemetry of its own, seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'benchlab-probe-'));
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function emulated(options: EmulatorOptions = {}) {
  const board = await emulateBoard({ bench: constantBench(), ...options });
  closing.push(() => board.close());
  return board;
}

describe('benchlab-probe run before the command is started', () => {
  const started = join(folder, 'started');
  const touch = script(`require('fs').writeFileSync(${JSON.stringify(started)}, '')`);
  afterEach(() => expect(existsSync(started)).toBe(false));

  it('writes its events with one correlation id and the power of the board, and refuses a path before the program starts', async () => {
    const out = join(mkdtempSync(join(tmpdir(), 'events-')), 'events.jsonl');
    const { code } = await probed(
      ...['run', '--simulate', '--telemetry-out', out, '--budget', 'p95(checkout) < 5 s', '--', ...checkout(2)],
    );
    expect(code).toBe(0);
    const events = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual([
      'launch',
      ...events.slice(1, -2).map(() => 'operation'),
      'verdict',
      'completion',
    ]);
    expect(new Set(events.map(({ context }) => context.correlation_id)).size).toBe(1);
    expect(events[0]).toMatchObject({ component: 'benchlab-probe', metrics: { power_simulated: true } });
    expect(events[0].metrics.power_watts).toBeGreaterThan(0);
    expect(events.at(-2).diagnostics).toMatchObject({ budget: 'p95(checkout) < 5 s', outcome: 'pass' });
    expect(events.at(-1).diagnostics).toEqual({ program: 'node', exit_code: 0 });

    const marker = join(dirname(out), 'started');
    const refused = await probed('run', '--telemetry-out', '/no/such/folder/x', '--', 'touch', marker);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('--telemetry-out');
    expect(existsSync(marker)).toBe(false);
  });

  it.each([
    ['--idle', '0s'],
    ['--idle', '500ms'],
    ['--idle', '11m'],
    ['--idle', 'long'],
  ])('refuses %s %s', async (flag, value) => {
    const { code, err } = await probed('run', '--simulate', flag, value, '--', ...touch);

    expect(err).toContain(flag);
    expect(code).toBe(2);
  });

  it('refuses a calibration that is not there, not JSON, too large or wrong, and names the key', async () => {
    const file = (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };
    const tried = [
      ['/no/such/file', /--calibration \/no\/such\/file cannot be read: ENOENT/],
      [folder, /it is not a regular file/],
      [file('text.json', 'gain=1'), /cannot be read: .*JSON/],
      [file('large.json', ' '.repeat(70_000)), /70000 bytes, and 65536 is the most/],
      [
        file('key.json', '{"source":"x","apertur":1}'),
        /key\.json: apertur is 1\. It must be left out: the keys are aperture/,
      ],
      [
        file('value.json', '{"source":"x","gain":{"kind":"stderr","value":2}}'),
        /gain\.value is 2\. It must be a number from 0/,
      ],
    ] as const;

    for (const [path, message] of tried) {
      const { code, err } = await probed('run', '--simulate', '--calibration', path, '--', ...touch);
      expect(err).toMatch(message);
      expect(code).toBe(2);
    }
  });

  it('exits with 97 when the bench at rest is asked for and there is no board', async () => {
    const { code, err } = await probed('run', '--idle', '1s', '--port', '/dev/null', '--', ...touch);

    expect(err).toContain('/dev/null');
    expect(code).toBe(97);
  });

  it('refuses energy budgets on a simulated board without --allow-simulated', async () => {
    const { path } = await emulated();
    const budget = ['--budget', 'joules(x) < 1 J'];

    const [simulate, port] = await Promise.all([
      probed('run', '--simulate', ...budget, '--', ...touch),
      probed('run', '--port', path, ...budget, '--', ...touch),
    ]);

    for (const { code, err } of [simulate, port]) {
      expect(err).toContain('add --allow-simulated');
      expect(code).toBe(2);
    }
  });

  it('exits with 97 when the port that was named is not there', async () => {
    const { code, err } = await probed('run', '--port', '/dev/there-is-no-such-port', '--', ...touch);

    expect(err).toContain('/dev/there-is-no-such-port');
    expect(code).toBe(97);
  });

  it('exits with 97 when one of two named ports has no board, for run and read', async () => {
    const { path } = await emulated();
    const ports = ['--port', path, '--port', '/dev/there-is-no-such-port'];

    const [run, read] = [
      await probed('run', ...ports, '--', ...touch),
      await probed('read', ...ports, '--for', '300ms'),
    ];

    for (const { code, err, out } of [run, read]) {
      expect(err).toContain('/dev/there-is-no-such-port');
      expect(out).toBe('');
      expect(code).toBe(97);
    }
  });

  it('exits with 97 when two boards have one UID, and names both ports; with --serial they are two', async () => {
    const [first, twin] = [await emulated(), await emulated()];
    const other = startProbe(['emulate', '--serial', '2']);
    closing.push(() => {
      other.send('SIGTERM');
      return other.ended;
    });
    const [, third = ''] = await other.shown(/^(\/dev\/\S+)$/m);

    const refused = await probed('run', '--port', first.path, '--port', twin.path, '--', ...touch);
    const read = startProbe(['read', '--port', first.path, '--port', third, '--json']);
    await read.shown(/"source":\{"id":"([0-9A-F]+)"[\s\S]*"source":\{"id":"(?!\1)/);
    read.send('SIGINT');

    expect(refused.err).toMatch(new RegExp(`${first.path} and ${twin.path} have the same UID.*--serial N`));
    expect(refused.code).toBe(97);
    expect(await read.ended).toMatchObject({ code: 0, err: '' });
  });

  it('exits with 97 when something else than a BENCHLAB is at the port', async () => {
    const board = await emulated({ fault: 'wrong-welcome' });

    const { code, err } = await probed('run', '--port', board.path, '--', ...touch);

    expect(err).toMatch(new RegExp(`${board.path} .*It was left alone`));
    expect(code).toBe(97);
    expect(board.requests.every((request) => request === '00')).toBe(true);
  });

  it('exits with 97 when energy is limited and there is no board', async () => {
    const { code, err } = await probed('run', '--budget', 'joules(x) < 1 J', '--port', '/dev/null', '--', ...touch);

    expect(err).toContain('/dev/null');
    expect(code).toBe(97);
  });
});
