// `run` on emulated boards, in this process. What needs a process of its own is in main.test.ts.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@benchlab-otel/core';
import { constantBench, type EmulatorOptions, emulateBoard } from '@benchlab-otel/emulator';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { checkout, script } from '../host/programs.suite.ts';
import { probed, startProbe } from '../host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../run/budgetedRun.ts';

// Each test starts a program with telemetry of its own, seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** A host that stops the emulated board for half a second leaves a gap in the samples, and no verdict on energy. */
const onBusyHost = { retry: 3 };

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

describe('benchlab-probe run', () => {
  it('passes a budget that holds, shows joules and marks them as simulated', onBusyHost, async () => {
    const file = join(folder, 'pass.json');
    const budgets = [
      '--budget',
      'p95(checkout) < 5 s',
      '--budget',
      'joules(checkout) < 1 kJ',
      '--budget',
      'count(price) >= 5',
    ];

    const { code, out, err } = await probed(
      'run',
      '--simulate',
      '--allow-simulated',
      ...budgets,
      '--json',
      file,
      '--',
      ...checkout(5),
    );

    expect(err).toContain('(simulated)');
    expect(code).toBe(0);
    expect(out).toMatch(/^checkout +5 +0 +.* ms/m);
    expect(out).toMatch(/^PASS +joules\(checkout\) < 1 kJ +observed [0-9.]+ kJ, 95 % interval/m);
    expect(out).toContain('SIMULATED');
    const report = JSON.parse(readFileSync(file, 'utf8'));
    expect(report).toMatchObject({ schemaVersion: 2, exitCode: 0, simulated: true, received: { spans: 10 } });
    const [first] = report.operations;
    const { system } = first.energy.roles;
    expect(first).toMatchObject({ name: 'checkout', calls: 5, energy: { includesParts: true } });
    expect(system).toMatchObject({ nature: 'simulated', boundary: 'dc_rails', active: null, idleJoules: null });
    expect(system.whole.joulesPerCall).toBeGreaterThan(0);
    expect(system.coverage).toBeGreaterThan(0.95);
    expect(report.baseline).toBeNull();
  });

  it(
    'measures the bench at rest before the program, and gives the joules beyond it with their source',
    onBusyHost,
    async () => {
      const file = join(folder, 'idle.json');
      const { path } = await emulated();

      const { code, out, err } = await probed(
        ...['run', '--port', path, '--idle', '1s', '--json', file, '--'],
        ...checkout(4),
      );

      expect(code).toBe(0);
      expect(err).toMatch(
        /measuring the bench at rest for 1 s.*\n.*at rest: system 323\.6\S* W ± \S+ W, cpu .*, simulated$/m,
      );
      expect(out).toMatch(/^baseline {2}measured for 1 s before the program: system 323\.6/m);
      const { baseline, operations } = JSON.parse(readFileSync(file, 'utf8'));
      expect(baseline.roles.system.watts).toBeCloseTo(323.6, 1);
      expect(baseline.roles.system.wattsStderr).toBeGreaterThan(0);
      const { whole, active, idleJoules } = operations[0].energy.roles.system;
      // On a bench where nothing changes, nothing is beyond its rest.
      expect(active.totalJoules + idleJoules).toBeCloseTo(whole.totalJoules, 6);
      expect(active.kind).toBe('not-different-from-zero');
    },
  );

  it('fails a budget that does not hold with 99, and still writes the result', async () => {
    const file = join(folder, 'fail.json');

    const { code, out } = await probed(
      'run',
      '--simulate',
      '--budget',
      'p50(checkout) < 1 ms',
      '--json',
      file,
      '--',
      ...checkout(2),
    );

    expect(out).toMatch(/^FAIL +p50\(checkout\) < 1 ms +observed [0-9.]+ ms, n 2$/m);
    expect(code).toBe(99);
    expect(JSON.parse(readFileSync(file, 'utf8')).budgets[0]).toMatchObject({ verdict: 'fail', unit: 'ms', limit: 1 });
  });

  it('is inconclusive with 98 about an operation that never came, and lists those that did', async () => {
    const { code, out } = await probed('run', '--simulate', '--budget', 'p95(chekout) < 5 s', '--', ...checkout(1));

    expect(out).toMatch(/^INCONCLUSIVE .*did you mean checkout\?; what arrived: checkout/m);
    expect(code).toBe(98);
  });

  it('keeps the exit code of a program that failed, also with failed budgets', async () => {
    const { code, out } = await probed(
      'run',
      '--simulate',
      '--budget',
      'count(x) < 1',
      '--',
      ...script('process.exit(7)'),
    );

    expect(out).toContain('exit code 7');
    expect(code).toBe(7);
  });

  it.each([
    [0, 97],
    [7, 7],
  ])('whose --json cannot be written, after a command that exits with %d, exits with %d', async (own, expected) => {
    const gone = mkdtempSync(join(folder, 'gone-'));
    const file = join(gone, 'result.json');

    const { code, err } = await probed(
      ...['run', '--simulate', '--json', file, '--'],
      ...script(`require('fs').rmSync(${JSON.stringify(gone)}, { recursive: true }); process.exitCode = ${own}`),
    );

    expect(err).toContain(`--json ${file} was not written`);
    expect(code).toBe(expected);
  });

  it('keeps an older report when nothing could start, and replaces it by that of a run', async () => {
    const file = join(folder, 'older.json');
    writeFileSync(file, '{}');

    const { code } = await probed('run', '--json', file, '--port', '/dev/null', '--', 'true');

    expect(existsSync(file)).toBe(true);
    expect(code).toBe(97);

    await probed('run', '--json', file, '--simulate', '--', ...script(''));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('schema', 'benchlab-probe/run');
  });

  it('passes SIGTERM on and ends as the command does', async () => {
    const running = startProbe([
      'run',
      '--simulate',
      '--',
      ...script("console.log('up'); setInterval(() => {}, 1000)"),
    ]);
    await running.shown(/up/);

    running.send('SIGTERM');

    expect(await running.ended).toMatchObject({ code: 143, out: expect.stringContaining('ended by SIGTERM') });
  });

  it('kills a command that ignores signals at the second one', async () => {
    const deaf = "process.on('SIGTERM', () => console.log('deaf')); console.log('up'); setInterval(() => {}, 1000)";
    let aheadNs = 0;
    const clock: Clock = { ...systemClock, nowNs: () => systemClock.nowNs() + aheadNs };
    const running = startProbe(['run', '--simulate', '--', ...script(deaf)], { clock });
    await running.shown(/up/);

    running.send('SIGTERM');
    await running.shown(/deaf/);
    aheadNs = 600e6;
    running.send('SIGTERM');

    expect(await running.ended).toMatchObject({ code: 137, out: expect.stringContaining('ended by SIGKILL') });
  });

  it('ends what the command left running, and reports it', async () => {
    const { code, out } = await probed('run', '--simulate', '--', 'sh', '-c', 'sleep 60 & exit 0');

    expect(out).toContain('note      the command left processes running; they were sent SIGTERM');
    expect(code).toBe(0);
  });

  it('exits with 97 when telemetry of the command had to be refused', async () => {
    const post = `const [name, value] = process.env.OTEL_EXPORTER_OTLP_HEADERS.split('=');
      fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces',
      { method: 'POST', body: 'x', headers: { 'content-type': 'application/x-protobuf', [name]: value } })`;

    const { code, out } = await probed('run', '--simulate', '--', ...script(post));

    expect(out).toContain('trouble   1 OTLP request was refused as malformed or too large');
    expect(code).toBe(97);
  });

  it('continues without a board when none was asked for, and states that', async () => {
    const { code, out, err } = await probed('run', '--budget', 'count(checkout) >= 1', '--', ...checkout(1));

    expect(code).toBe(0);
    expect(out).toMatch(/^PASS/m);
    // On a bench that has a board this run is measured.
    if (!err.includes('reading')) expect(out).toContain('note      no board: no energy');
  });
});

describe('a board that is pulled while the command runs', () => {
  it('makes energy inconclusive, and latency not', async () => {
    const board = await emulated();
    const budgets = ['--allow-simulated', '--budget', 'p95(checkout) < 5 s', '--budget', 'joules(checkout) < 1 kJ'];
    const running = startProbe(['run', '--port', board.path, ...budgets, '--', ...checkout(6)]);
    await running.shown(/order placed/);

    board.unplug();

    const { code, out } = await running.ended;
    expect(out).toMatch(/^PASS +p95/m);
    expect(out).toMatch(/^INCONCLUSIVE +joules\(checkout\) < 1 kJ .*samples/m);
    expect(out).toMatch(/lost 1 time \(/);
    expect(out).toMatch(/^trouble .* was lost 1 time during the run/m);
    expect(code).toBe(97);
  });

  it('is trouble, 97, also when only latency is limited', async () => {
    const board = await emulated();
    const budget = ['--budget', 'p95(checkout) < 5 s'];
    const running = startProbe(['run', '--port', board.path, ...budget, '--', ...checkout(4)]);
    await running.shown(/order placed/);

    board.unplug();

    const { code, out } = await running.ended;
    expect(out).toMatch(/^PASS +p95/m);
    expect(code).toBe(97);
  });
});
