// The command as users meet it: the built binary, in a process of its own, on an emulated board.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constantBench, type EmulatorOptions, emulateBoard } from '@benchlab-otel/emulator';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../bin/benchlab-probe.mjs', import.meta.url));
// A command that needs no processor to speak of, so that sampling beside it is not disturbed on a small machine: CALLS
// spans `checkout` of 300 ms, each with a child `price`.
const checkout = (calls: number) => [
  process.execPath,
  '--input-type=module',
  '--eval',
  `import { startTelemetry } from '@benchlab-otel/node';
   import { withSpan } from '@benchlab-otel/sdk';
   const telemetry = await startTelemetry({ serviceName: 'checkout' });
   for (let call = 0; call < ${calls}; call++) {
     await withSpan('checkout', () => withSpan('price', () => new Promise((done) => setTimeout(done, 300))));
     console.log('order placed');
   }
   await telemetry.shutdown();`,
];
const folder = mkdtempSync(join(tmpdir(), 'benchlab-probe-'));
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function start(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, [bin, ...args], {
    env,
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  closing.push(() => child.exitCode ?? child.signalCode ?? child.kill('SIGKILL'));
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes) => (out += bytes));
  child.stderr.on('data', (bytes) => (err += bytes));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
  /** Resolves once standard output or standard error matches. */
  const said = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const match = pattern.exec(out + err);
        if (match) resolve(match);
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      look();
    });
  return { child, ended, said };
}

const probe = (...args: string[]) => start(args).ended;

async function emulated(options: EmulatorOptions = {}) {
  const board = await emulateBoard({ bench: constantBench(), ...options });
  closing.push(() => board.close());
  return board;
}

const script = (code: string) => [process.execPath, '-e', code];

describe('benchlab-probe run', () => {
  it('passes a budget that holds, shows joules and marks them as simulated', async () => {
    const file = join(folder, 'pass.json');
    const budgets = [
      '--budget',
      'p95(checkout) < 5 s',
      '--budget',
      'joules(checkout) < 1 kJ',
      '--budget',
      'count(price) >= 5',
    ];

    const { code, out, err } = await probe(
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
    expect(report).toMatchObject({ schemaVersion: 1, exitCode: 0, simulated: true, received: { spans: 10 } });
    const [first] = report.operations;
    expect(first).toMatchObject({ name: 'checkout', calls: 5, energy: { nature: 'simulated', boundary: 'dc_rails' } });
    expect(first.energy.roles.system.joulesPerCall).toBeGreaterThan(0);
    expect(first.energy.coverage).toBeGreaterThan(0.95);
  });

  it('fails a budget that does not hold with 99, and still writes the result', async () => {
    const file = join(folder, 'fail.json');

    const { code, out } = await probe(
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

  it('is inconclusive with 98 about an operation that never came, and says what did', async () => {
    const { code, out } = await probe('run', '--simulate', '--budget', 'p95(chekout) < 5 s', '--', ...checkout(1));

    expect(out).toMatch(/^INCONCLUSIVE .*did you mean checkout\?; what arrived: checkout/m);
    expect(code).toBe(98);
  });

  it('keeps the exit code of a command that failed, whatever the budgets', async () => {
    const { code, out } = await probe(
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

    const { code, err } = await probe(
      ...['run', '--simulate', '--json', file, '--'],
      ...script(`require('fs').rmSync(${JSON.stringify(gone)}, { recursive: true }); process.exitCode = ${own}`),
    );

    expect(err).toContain(`--json ${file} was not written`);
    expect(code).toBe(expected);
  });

  it('leaves no older report behind when it cannot start', async () => {
    const file = join(folder, 'older.json');
    writeFileSync(file, '{}');

    const { code } = await probe('run', '--json', file, '--port', '/dev/null', '--', 'true');

    expect(existsSync(file)).toBe(false);
    expect(code).toBe(97);
  });

  it('leaves the output of the command alone, with its own report after it', async () => {
    const { code, out } = await probe('run', '--simulate', '--', ...script("console.log('mine')"));

    expect(out).toMatch(/^mine\nbenchlab-probe run: /);
    expect(out).toContain('No span arrived.');
    expect(code).toBe(0);
  });

  it('passes SIGTERM on and ends as the command does', async () => {
    const running = start(['run', '--simulate', '--', ...script("console.log('up'); setInterval(() => {}, 1000)")]);
    await running.said(/up/);

    running.child.kill('SIGTERM');

    expect(await running.ended).toMatchObject({ code: 143, out: expect.stringContaining('ended by SIGTERM') });
  });

  it('kills a command that ignores signals at the second one', async () => {
    const deaf = "process.on('SIGTERM', () => console.log('deaf')); console.log('up'); setInterval(() => {}, 1000)";
    const running = start(['run', '--simulate', '--', ...script(deaf)]);
    await running.said(/up/);

    running.child.kill('SIGTERM');
    await running.said(/deaf/);
    await new Promise((resolve) => setTimeout(resolve, 600));
    running.child.kill('SIGTERM');

    expect(await running.ended).toMatchObject({ code: 137, out: expect.stringContaining('ended by SIGKILL') });
  });

  it('ends what the command left running, and says so', async () => {
    const { code, out } = await probe('run', '--simulate', '--', 'sh', '-c', 'sleep 60 & exit 0');

    expect(out).toContain('note      the command left processes running; they were told to end');
    expect(code).toBe(0);
  });

  it('exits with 97 when telemetry of the command had to be refused', async () => {
    const post = `fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces',
      { method: 'POST', body: 'x', headers: { 'content-type': 'application/x-protobuf' } })`;

    const { code, out } = await probe('run', '--simulate', '--', ...script(post));

    expect(out).toContain('trouble   1 OTLP request was refused as malformed or too large');
    expect(code).toBe(97);
  });

  it('goes on without a board when none was asked for, and says so', async () => {
    const { code, out, err } = await probe('run', '--budget', 'count(checkout) >= 1', '--', ...checkout(1));

    expect(code).toBe(0);
    expect(out).toMatch(/^PASS/m);
    // On a bench that has a board this run is measured.
    if (!err.includes('reading')) expect(out).toContain('note      no board: no energy');
  });
});

describe('benchlab-probe run before the command is started', () => {
  const started = join(folder, 'started');
  const touch = script(`require('fs').writeFileSync(${JSON.stringify(started)}, '')`);
  afterEach(() => expect(existsSync(started)).toBe(false));

  it('writes its events with one correlation id and the power of the board, and refuses a path before the program starts', async () => {
    const out = join(mkdtempSync(join(tmpdir(), 'events-')), 'events.jsonl');
    const { code } = await probe(
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
    const refused = await probe('run', '--telemetry-out', '/no/such/folder/x', '--', 'touch', marker);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('--telemetry-out');
    expect(existsSync(marker)).toBe(false);
  });

  it('refuses energy budgets on a simulated board without --allow-simulated', async () => {
    const { path } = await emulated();
    const budget = ['--budget', 'joules(x) < 1 J'];

    const [simulate, port] = await Promise.all([
      probe('run', '--simulate', ...budget, '--', ...touch),
      probe('run', '--port', path, ...budget, '--', ...touch),
    ]);

    for (const { code, err } of [simulate, port]) {
      expect(err).toContain('add --allow-simulated');
      expect(code).toBe(2);
    }
  });

  it.each([
    [['run', '--bugdet', 'x', '--', 'true'], /unknown option '--bugdet'[\s\S]*Did you mean --budget\?/],
    [['rnu'], /unknown command 'rnu'[\s\S]*Did you mean run\?/],
    [['run', '--budget', 'p96(a) < 1 ms', '--', 'true'], /no function "p96".*Did you mean p95\?/],
    [['run', 'true', '--budget', 'max(x) < 1 s'], /write -- before the command/],
    [['run', 'true', '--', 'x'], /write -- before the command/],
    [['run'], /missing required argument 'command'/],
    [['run', '--', 'there-is-no-such-command'], /no command "there-is-no-such-command"/],
    [['run', '--json', '/no/such/folder/x.json', '--', 'true'], /--json \/no\/such\/folder\/x\.json cannot be written/],
    [
      ['run', '--simulate', '--port', '/dev/x', '--', 'true'],
      /--simulate' cannot be used with|cannot be used with option '--simulate'/,
    ],
    [['run', '--assume-firmware', '99', '--port', '/dev/x', '--', 'true'], /--assume-firmware: 99 is not published/],
    [['read', '--for', 'ever'], /--for "ever" is not a duration/],
    [['read', '--rate', '1000'], /from 1 to 100/],
    [['emulate', '--fault', 'gremlins'], /no line fault gremlins/],
    [['emulate', '--product', 'bl3'], /Allowed choices are original, bl2/],
    [['demo', '--metrics-port', '-1'], /from 0 to 65535/],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, err, out } = await probe(...args);

    expect(err).toMatch(message);
    expect(err).not.toMatch(/^ {4}at /m);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it('exits with 97 when the port that was named is not there', async () => {
    const { code, err } = await probe('run', '--port', '/dev/there-is-no-such-port', '--', ...touch);

    expect(err).toContain('/dev/there-is-no-such-port');
    expect(code).toBe(97);
  });

  it('exits with 97 when one of two named ports is no board, for run and read', async () => {
    const { path } = await emulated();
    const ports = ['--port', path, '--port', '/dev/there-is-no-such-port'];

    const [run, read] = [await probe('run', ...ports, '--', ...touch), await probe('read', ...ports, '--for', '300ms')];

    for (const { code, err, out } of [run, read]) {
      expect(err).toContain('/dev/there-is-no-such-port');
      expect(out).toBe('');
      expect(code).toBe(97);
    }
  });

  it('exits with 97 when two boards have one UID, and names both ports; with --serial they are two', async () => {
    const [first, twin] = [await emulated(), await emulated()];
    const other = start(['emulate', '--serial', '2']);
    const [, third = ''] = await other.said(/^(\/dev\/\S+)$/m);

    const refused = await probe('run', '--port', first.path, '--port', twin.path, '--', ...touch);
    const read = await probe('read', '--port', first.path, '--port', third, '--for', '500ms', '--json');

    expect(refused.err).toMatch(new RegExp(`${first.path} and ${twin.path} have the same UID.*--serial N`));
    expect(refused.code).toBe(97);
    expect(read).toMatchObject({ code: 0, err: '' });
    expect(new Set([...read.out.matchAll(/"source":\{"id":"([0-9A-F]+)"/g)].map(([, id]) => id)).size).toBe(2);
  });

  it('exits with 97 when something else than a BENCHLAB is at the port', async () => {
    const board = await emulated({ fault: 'wrong-welcome' });

    const { code, err } = await probe('run', '--port', board.path, '--', ...touch);

    expect(err).toContain(`${board.path} announces itself as "PMD2". It was left alone`);
    expect(code).toBe(97);
    expect(board.requests.every((request) => request === '00')).toBe(true);
  });

  it('exits with 97 when energy is limited and there is no board', async () => {
    const { code, err } = await probe('run', '--budget', 'joules(x) < 1 J', '--port', '/dev/null', '--', ...touch);

    expect(err).toContain('/dev/null');
    expect(code).toBe(97);
  });
});

describe('a board that another program reads', () => {
  it('is left to it, and the reason is given', async () => {
    const { path } = await emulated();
    const first = start(['read', '--port', path, '--json']);
    await first.said(/timeNs/);

    const { code, err } = await probe('read', '--port', path);

    expect(err).toMatch(/benchlab-probe: .*(in use|busy|another)/);
    expect(code).toBe(97);
    expect(first.child.exitCode).toBeNull();
  });
});

describe('a board that is pulled while the command runs', () => {
  it('makes energy inconclusive, and latency not', async () => {
    const board = await emulated();
    const budgets = ['--allow-simulated', '--budget', 'p95(checkout) < 5 s', '--budget', 'joules(checkout) < 1 kJ'];
    const running = start(['run', '--port', board.path, ...budgets, '--', ...checkout(6)]);
    await running.said(/order placed/);

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
    const running = start(['run', '--port', board.path, ...budget, '--', ...checkout(4)]);
    await running.said(/order placed/);

    board.unplug();

    const { code, out } = await running.ended;
    expect(out).toMatch(/^PASS +p95/m);
    expect(code).toBe(97);
  });

  it('makes read end with 97', async () => {
    const board = await emulated();
    const running = start(['read', '--port', board.path, '--for', '2s']);
    await running.said(/system/);

    board.unplug();

    expect(await running.ended).toMatchObject({ code: 97, err: expect.stringContaining('is lost') });
  });
});

describe('benchlab-probe devices', () => {
  it('lists a board as a table and as JSON, marked when it is simulated', async () => {
    const { path, uid } = await emulated({ name: 'rig 7' });

    const [table, json] = await Promise.all([
      probe('devices', '--port', path),
      emulated({ serial: 2 }).then((second) => probe('devices', '--port', second.path, '--json')),
    ]);

    expect(table.out).toMatch(new RegExp(`${path} .*${uid} .*rig 7 \\(simulated\\)`));
    expect(JSON.parse(json.out)).toMatchObject({
      schemaVersion: 1,
      boards: [{ simulated: true, variant: 'bl2' }],
      refused: [],
    });
    expect([table.code, json.code]).toEqual([0, 0]);
  });

  it('exits with 97 and the reason when the port has none', async () => {
    const { code, err, out } = await probe('devices', '--port', '/dev/null', '--json');

    expect(JSON.parse(out).refused).toHaveLength(1);
    expect(err).toContain('/dev/null');
    expect(code).toBe(97);
  });
});

describe('benchlab-probe devices with two boards of different firmware and a look-alike', () => {
  it('lists the boards with what is known of their firmware, says why the other was left alone, and sent it nothing', async () => {
    const old = await emulated({ product: 'original', firmware: 2 });
    const newest = await emulated({ product: 'bl2', firmware: 7, serial: 2 });
    const stranger = await emulated({ fault: 'wrong-welcome', serial: 3 });
    const ports = [old, newest, stranger].flatMap(({ path }) => ['--port', path]);

    const { code, out, err } = await probe('devices', ...ports);

    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`${old.path} +BENCHLAB ORIGINAL +2 +${old.uid}`));
    expect(out).toMatch(new RegExp(`${newest.path} +BENCHLAB 2 +7 +${newest.uid}`));
    expect(out).toContain(`tchip-whole-degrees (${old.path}): `);
    expect(out).toContain('write-name-overrun: ');
    expect(out).toContain('Range not published.');
    expect(err).toContain(`${stranger.path} `);
    expect(stranger.requests).toEqual([]); // it announced itself

    const json = JSON.parse((await probe('devices', ...ports, '--json')).out);
    expect(json.boards[0].advisories.map(({ id }: { id: string }) => id)).toContain('cal-slots-inverted');
    expect(json.refused).toMatchObject([{ port: stranger.path, code: 'NOT_A_BENCHLAB' }]);
  });
});

describe('benchlab-probe dump', () => {
  it('writes what a board says, and tells where', async () => {
    const board = await emulated();
    const file = join(mkdtempSync(join(tmpdir(), 'dump-')), 'board.json');
    const { code, out } = await probe('dump', '--port', board.path, '--frames', '3', '--redact-uid', '--out', file);
    expect(code).toBe(0);
    expect(out).toContain('simulated');
    const dump = JSON.parse(readFileSync(file, 'utf8'));
    expect(dump).toMatchObject({ schema: 'benchlab-probe/dump', firmware: 7, simulated: true });
    expect(dump.frames).toHaveLength(3);
    expect(JSON.stringify(dump)).not.toContain(board.uid);
  });

  it.each([
    [['--out', '/no/such/folder/x.json'], 2, '--out'],
    [['--port', '/dev/null', '--out', '/tmp/never-written.json'], 97, '/dev/null'],
    [['--frames', '0', '--out', 'x'], 2, '1 to 10000'],
    [[], 2, '--out'],
  ])('ends %j with %d', async (args, expected, words) => {
    const { code, err } = await probe('dump', ...args);
    expect([code, err.includes(words)]).toEqual([expected, true]);
  });
});

describe('benchlab-probe read', () => {
  it('prints plain tables where standard output is no terminal', async () => {
    const { code, out } = await probe('read', '--simulate', '--for', '600ms');

    expect(out).toMatch(/\(simulated\): .*system [0-9.]+ W/);
    expect(out).toMatch(/^EPS1 +[0-9.]+ W +[0-9.]+ V +[0-9.]+ A$/m);
    expect(out).not.toContain('\x1b');
    expect(code).toBe(0);
  });

  it('prints a JSON line for each sample', async () => {
    const { code, out } = await probe('read', '--simulate', '--rate', '20', '--for', '800ms', '--json');

    const samples = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(samples.length).toBeGreaterThan(5);
    for (const sample of samples) expect(sample.source.simulated).toBe(true);
    expect(code).toBe(0);
  });

  it('ends with the reason when the board never gives a sample', async () => {
    const { path } = await emulated({ fault: 'short' });

    const { code, err } = await probe('read', '--port', path);

    expect(err).toMatch(/^benchlab-probe: .+/);
    expect(code).toBe(97);
  });

  it('waits for the first sample no longer than --for', async () => {
    const { path } = await emulated({ fault: 'short' });
    const startedMs = performance.now();

    const { code } = await probe('read', '--port', path, '--for', '300ms');

    expect(code).toBe(97);
    expect(performance.now() - startedMs).toBeLessThan(4_500);
  });

  it.each(['SIGHUP', 'SIGTERM'] as const)('ends with 0 at %s', async (signal) => {
    const running = start(['read', '--simulate', '--json']);
    await running.said(/timeNs/);

    running.child.kill(signal);

    expect(await running.ended).toMatchObject({ code: 0 });
  });

  it('ends without a word when nobody reads it any more', async () => {
    const running = start(['read', '--simulate', '--rate', '50', '--json']);
    await running.said(/timeNs/);

    running.child.stdout.destroy();

    expect(await running.ended).toMatchObject({ code: 0, err: '' });
  });
});

describe('standard output and standard error', () => {
  const shell = (command: string) =>
    new Promise<{ code: number | null; err: string }>((resolve) => {
      const child = spawn('bash', ['-c', `exec ${process.execPath} ${bin} ${command}`], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let err = '';
      child.stderr.on('data', (bytes) => (err += bytes));
      child.on('close', (code) => resolve({ code, err }));
    });

  it.each([
    ['read --simulate --for 500ms --json', 97],
    ['run --simulate -- true', 97],
    ['run --simulate -- false', 1],
  ])('on a full disk: %s says so and exits with %d', async (command, expected) => {
    const { code, err } = await shell(`${command} > /dev/full`);

    expect(err).toMatch(/benchlab-probe: standard output was lost: .*ENOSPC/);
    expect(code).toBe(expected);
  });

  it('that nobody reads change no exit code', async () => {
    const running = start(['run', '--simulate', '--', ...script('setTimeout(() => {}, 300)')]);
    running.child.stderr.destroy();
    running.child.stdout.destroy();

    expect((await running.ended).code).toBe(0);
  });
});

describe('benchlab-probe emulate', () => {
  it('prints the path of a board that other commands can read, until it is told to end', async () => {
    const link = join(folder, 'board');
    const running = start(['emulate', '--product', 'original', '--link', link]);
    await running.said(/Ctrl-C/);

    const devices = await probe('devices', '--port', link);
    running.child.kill('SIGINT');

    expect(devices.out).toContain('(simulated)');
    expect((await running.ended).code).toBe(0);
    expect(existsSync(link)).toBe(false);
  });

  it('lists the faults in its help', async () => {
    const { out, code } = await probe('emulate', '--help');

    expect(out).toMatch(/wrong-welcome +The welcome/);
    expect(out).toContain('FAULT_OCP_HPWR1');
    expect(code).toBe(0);
  });
});

describe('benchlab-probe demo', () => {
  it('shows the example with joules, serves metrics, and ends by itself with a verdict', async () => {
    const running = start(['demo', '--for', '8s', '--metrics-port', '0']);
    const [, url = ''] = await running.said(/(http:\/\/127\.0\.0\.1:[0-9]+\/metrics)/);

    // The page goes with the demo: what was read last counts.
    let page = '';
    const read = async () => {
      page = await fetch(url).then((response) => response.text());
    };
    const joules = /^benchlab_operation_energy_joules_bucket\{.*benchlab_operation="checkout"/m;
    while (!joules.test(page) && running.child.exitCode === null) {
      await Promise.all([read().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 100))]);
    }

    expect(page).toMatch(/^hw_power_watts\{.*benchlab_simulated="true".*\} [0-9.]+$/m);
    expect(page).toMatch(joules);
    const { code, out, err } = await running.ended;
    expect(err).toBe('');
    expect(out).toMatch(/^PASS +joules\(checkout\)/m);
    expect(out).toContain('SIMULATED');
    expect(code).toBe(0);
  });

  it('says what to do when the port of the metrics page is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;

    const { code, err } = await probe('demo', '--metrics-port', `${port}`);

    expect(err).toMatch(new RegExp(`Port ${port} of 127\\.0\\.0\\.1.*in use.*--metrics-port`));
    expect(code).toBe(97);
  });
});

describe('the help', () => {
  it.each([
    ['--help'],
    ['run', '--help'],
    ['devices', '--help'],
    ['read', '--help'],
    ['emulate', '--help'],
    ['demo', '--help'],
  ])('of %s %s ends with examples', async (...args) => {
    const { code, out, err } = await probe(...args.filter((arg) => arg !== undefined));

    expect(out).toMatch(/Examples:\n( {2}benchlab-probe .*\n)+$/);
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  it('shows no empty defaults', async () => {
    for (const command of ['run', 'emulate'])
      expect((await probe(command, '--help')).out).not.toMatch(/default:\s*(\[|\))/);
  });

  it('is shown, with exit code 2, when no command is given', async () => {
    const { code, err } = await probe();

    expect(err).toContain('Usage: benchlab-probe');
    expect(code).toBe(2);
  });

  it('has a version', async () => {
    expect(await probe('--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^[0-9]+\.[0-9]+\.[0-9]+\n$/),
    });
  });
});

it('says how to build it when it is not built', async () => {
  const other = join(folder, 'bin');
  mkdirSync(other);
  copyFileSync(bin, join(other, 'probe.mjs'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const child = spawn(process.execPath, [join(other, 'probe.mjs')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (bytes) => (err += bytes));

  const code = await new Promise((resolve) => child.on('close', resolve));

  expect(err).toBe('benchlab-probe is not built: run npm run build\n');
  expect(code).toBe(2);
});
