// The agent with an emulated board. It runs in this process, or in one of its own where it is killed or where there are
// two; an application that never touches hardware runs in a process of its own.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchModel, constantBench, type EmulatedBoard, emulateBoard } from '@benchlab-otel/emulator';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
// Loaded here, so that its loading does not count into the first test.
import '../agent/agent.ts';
import { bin, startNode } from '../host/childProbe.suite.ts';
import { script } from '../host/programs.suite.ts';
import { probed, startProbe } from '../host/testHost.suite.ts';

// Agents and applications are programs of their own, whose start takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'benchlab-agent-'));
// Not the configuration of the machine that the tests run on.
process.env.BENCHLAB_CONFIG = join(folder, 'config.toml');
writeFileSync(process.env.BENCHLAB_CONFIG, '');
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
let socket: string;
let sockets = 0;
beforeEach(() => {
  socket = join(folder, `${++sockets}.sock`);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const running = startNode(args, env);
  closing.push(running.close);
  return running;
}

const ownProcess = (...args: string[]) => start([bin, 'agent', '--socket', socket, '--metrics-port', '0', ...args]);
const boardOnly = ['--no-host', '--no-nvml'];

/** In this process, ended after the test. */
function agent(...args: string[]) {
  const running = startProbe(['agent', '--socket', socket, '--metrics-port', '0', ...args]);
  closing.push(() => {
    running.send('SIGTERM');
    return running.ended;
  });
  return running;
}

async function emulated(bench: BenchModel = constantBench()): Promise<EmulatedBoard> {
  const board = await emulateBoard({ bench });
  closing.push(() => board.close());
  return board;
}

/** An application: spans of 600 ms one after the other, each with its energy as one JSON line, until SIGTERM. */
const application = `
  import { spanEnergy } from '@benchlab-otel/enrichers';
  import { agentReceiver } from '@benchlab-otel/wire';
  import { startTelemetry } from '@benchlab-otel/node';
  import { SampleHistory, withSpan } from '@benchlab-otel/sdk';
  const history = new SampleHistory();
  const agent = agentReceiver({ path: process.env.AGENT_SOCKET });
  await agent.start(history);
  const energy = spanEnergy(history);
  const printed = {
    ...energy,
    async spanEnded(span) {
      const attributes = await energy.spanEnded(span);
      console.log(JSON.stringify({ startNs: span.startNs, endNs: span.endNs, ...attributes }));
      return attributes;
    },
  };
  let isRunning = true;
  process.once('SIGTERM', () => { isRunning = false; });
  const telemetry = await startTelemetry({ metricsPage: false, otlp: false, enrichers: [printed] });
  while (isRunning) await withSpan('work', () => new Promise((resolve) => setTimeout(resolve, 600)));
  await telemetry.shutdown();
  await agent.stop();
`;

interface MeasuredSpan {
  readonly startNs: number;
  readonly endNs: number;
  readonly [attribute: string]: unknown;
}

function startApplication() {
  const app = start(['--input-type=module', '--eval', application], { AGENT_SOCKET: socket });
  const spansOf = (out: string): readonly MeasuredSpan[] => {
    const lines = out.slice(0, out.lastIndexOf('\n') + 1).trim();
    return lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line));
  };
  let out = '';
  app.child.stdout?.on('data', (text) => (out += text));
  return {
    /** Resolves with all spans so far once `wanted` holds for them. */
    async spansUntil(wanted: (spans: readonly MeasuredSpan[]) => boolean): Promise<readonly MeasuredSpan[]> {
      for (;;) {
        const spans = spansOf(out);
        if (wanted(spans)) return spans;
        await new Promise<void>((resolve, reject) => {
          app.child.stdout?.once('data', () => resolve());
          app.child.once('exit', () => reject(new Error('The application ended.')));
        });
      }
    },
    async end() {
      app.child.kill('SIGTERM');
      return app.ended;
    },
  };
}

const joulesOf = (span: MeasuredSpan) => span['benchlab.energy.system.joules'] as number | undefined;
const coverageOf = (span: MeasuredSpan) => span['benchlab.energy.coverage'] as number | undefined;
const isMeasured = (span: MeasuredSpan) => joulesOf(span) !== undefined;

// EPS1 goes up and down once in two seconds; everything else of the bench is constant.
const rest = 323.6 - 60;
const [meanWatts, swingWatts, periodNs] = [100, 60, 2e9];
const turn = (timeNs: number) => (2 * Math.PI * timeNs) / periodNs;
const wave: BenchModel = (timeNs) => {
  const watts = meanWatts + swingWatts * Math.sin(turn(timeNs));
  return constantBench({ rails: { EPS1: { volts: 12, amps: watts / 12, watts } } })(timeNs);
};
/** What the bench model delivers from one instant to another, joules. */
function delivered(startNs: number, endNs: number): number {
  const swing = (swingWatts * (periodNs / 1e9) * (Math.cos(turn(startNs)) - Math.cos(turn(endNs)))) / (2 * Math.PI);
  return ((rest + meanWatts) * (endNs - startNs)) / 1e9 + swing;
}

describe('benchlab-probe agent', () => {
  it('gives an application without hardware the joules of its spans, marked simulated', async () => {
    const board = await emulated(wave);
    await ownProcess('--port', board.path, ...boardOnly).shown(/is read/);
    const app = startApplication();
    // Of 12 samples at 20 Hz. A busy host that delays more of them blurs the wave.
    const isWhole = (span: MeasuredSpan) => coverageOf(span) === 1 && Number(span['benchlab.energy.samples']) >= 9;

    const spans = await app.spansUntil((all) => all.filter(isWhole).length >= 3);
    const { code, err } = await app.end();

    expect([code, err]).toEqual([0, '']);
    for (const span of spans.filter(isWhole)) {
      expect(span).toMatchObject({
        'benchlab.energy.nature': 'simulated',
        'benchlab.simulated': true,
        'benchlab.energy.boundary': 'dc_rails',
        'benchlab.energy.source': board.uid,
      });
      const error = Math.abs((joulesOf(span) ?? Number.NaN) - delivered(span.startNs, span.endNs));
      const stderr = span['benchlab.energy.system.stderr'] as number;
      // 220 J, of which the wave moves up to 36: a wrong clock or a lost sample would show.
      expect(error).toBeLessThan(4 * stderr + 3);
      expect(stderr).toBeLessThan(5);
    }
  });

  it('is not ended by SIGUSR2 while it starts, runs or ends', async () => {
    const { child, ended, shown } = ownProcess('--simulate', ...boardOnly);
    // Node itself is ended by it until the first line of the program has run: then it has a listener for some signal.
    const { SIGHUP, SIGUSR2 } = constants.signals;
    const own = (1n << BigInt(SIGHUP - 1)) | (1n << BigInt(SIGUSR2 - 1));
    const catches = () => {
      const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? '0';
      return (BigInt(`0x${mask}`) & own) !== 0n;
    };
    await vi.waitUntil(catches, { timeout: 30_000, interval: 5 });
    const again = setInterval(() => child.kill('SIGUSR2'), 5);
    closing.push(() => clearInterval(again));
    await shown(/"The agent runs\."/);
    await shown(/looks again at devices/);
    clearInterval(again);
    child.kill('SIGTERM');
    child.kill('SIGUSR2');
    const { code, out } = await ended;
    expect([code, child.signalCode]).toEqual([0, null]);
    expect(out).toMatch(/"The agent ends\."/);
  });

  it('may be killed and come back: the application gets joules again', async () => {
    const board = await emulated();
    const first = ownProcess('--port', board.path, ...boardOnly);
    await first.shown(/is read/);
    const app = startApplication();
    await app.spansUntil((spans) => spans.some(isMeasured));
    first.child.kill('SIGKILL');
    await first.ended;
    expect(existsSync(socket)).toBe(true);
    // A span without figures: no sample came while it ran.
    const lastBefore = (
      await app.spansUntil((spans) => spans.at(-1) !== undefined && !isMeasured(spans.at(-1) as MeasuredSpan))
    ).length;
    await ownProcess('--port', board.path, ...boardOnly).shown(/is read/);
    const spans = await app.spansUntil((all) => all.slice(lastBefore).some(isMeasured));
    expect((await app.end()).code).toBe(0);

    // The bench is constant, so the covered part of a span has this power, however much of the span that is.
    for (const span of spans.filter(isMeasured)) {
      const watts = (joulesOf(span) ?? Number.NaN) / ((span.endNs - span.startNs) / 1e9);
      expect(watts).toBeGreaterThan(323 * (coverageOf(span) ?? Number.NaN));
      expect(watts).toBeLessThan(324.2);
    }
  });

  it('logs what it reads and what is missing, serves both, and leaves nothing behind at SIGTERM', async () => {
    const { send, ended, shown } = agent('--simulate', '--no-nvml');
    const url = (await shown(/"metrics":"([^"]+)"/))[1] as string; // a group of what was matched
    await shown(/BENCHLAB 2.*is read. It is simulated/);
    await shown(/host is read/);
    const page = await (await fetch(url)).text();
    expect(statSync(socket).mode & 0o777).toBe(0o660);
    send('SIGTERM');
    const { code, out, err } = await ended;

    expect(page).toMatch(/^hw_host_power_watts\{.*benchlab_simulated="true".*\} /m);
    expect(page).toMatch(/^target_info\{.*host_name="[^"]+".*service_name="benchlab-agent"/m);
    expect(page).toMatch(/^benchlab_bus_readers 0$/m);
    expect([code, err]).toEqual([0, '']);
    for (const line of out.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    expect(existsSync(socket)).toBe(false);
  });

  it('logs why a board is missing, and ends at SIGINT', async () => {
    const { send, ended, shown } = agent('--port', '/dev/there-is-no-such-port', ...boardOnly);
    await shown(/"code":"NO_BOARD".*There is no \/dev\/there-is-no-such-port/);
    send('SIGINT');
    expect((await ended).code).toBe(0);
  });

  it('reports that another agent has the board, and takes it when that has ended', async () => {
    const board = await emulated();
    const first = ownProcess('--port', board.path, ...boardOnly);
    await first.shown(/is read/);
    const second = startProbe([
      'agent',
      '--socket',
      `${socket}2`,
      '--metrics-port',
      '0',
      '--port',
      board.path,
      ...boardOnly,
    ]);
    closing.push(() => {
      second.send('SIGTERM');
      return second.ended;
    });
    await second.shown(/"code":"PORT_BUSY".*in use by another process.*agentReceiver\(\)/);
    first.child.kill('SIGTERM');
    await second.shown(/BENCHLAB 2.*is read/);
  });

  it('refuses the socket of another agent and the port of another page, by name', async () => {
    const first = ownProcess('--simulate', ...boardOnly);
    const port = (await first.shown(/:(\d+)\/metrics/))[1] as string; // a group of what was matched
    const second = await probed('agent', '--socket', socket, '--metrics-port', '0', '--simulate', ...boardOnly);
    const third = await probed('agent', '--socket', `${socket}2`, '--metrics-port', port, ...boardOnly);

    expect([second.code, third.code]).toEqual([97, 97]);
    expect(second.err).toContain(socket);
    expect(third.err).toContain(`Port ${port} of 127.0.0.1`);
    expect(third.err).toContain('--metrics-port');
    expect([existsSync(socket), existsSync(`${socket}2`)]).toEqual([true, false]);
  });

  it('does not show its page to other hosts without a token, and starts nothing', async () => {
    // Another agent has the socket: an agent that started anything would report that first.
    const first = ownProcess('--simulate', ...boardOnly);
    await first.shown(/The agent runs/);

    const open = await agent('--listen', '0.0.0.0', ...boardOnly).ended;

    expect([open.code, open.out]).toEqual([2, '']);
    expect(open.err).toMatch(/--listen: .*"0\.0\.0\.0:0".*TELEMETRY_METRICS_TOKEN_FILE.*127\.0\.0\.1/);
  });

  it('shows its page to other hosts with a token', async () => {
    const environment = { ...process.env, TELEMETRY_METRICS_TOKEN: 'secret' };
    const args = ['agent', '--socket', socket, '--metrics-port', '0', '--listen', '0.0.0.0', '--simulate'];
    const running = startProbe([...args, ...boardOnly], { environment });
    const [, port] = await running.shown(/:(\d+)\/metrics/);
    const page = (headers: Record<string, string>) => fetch(`http://127.0.0.1:${port}/metrics`, { headers });

    expect((await page({})).status).toBe(401);
    expect((await page({ authorization: 'Bearer secret' })).status).toBe(200);
    running.send('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  it('has what enrichers of its configuration add on its page', async () => {
    const config = join(folder, 'enrichers.toml');
    writeFileSync(config, '[agent]\nsources = ["host"]\nenrichers = ["ci"]\n');
    const environment = { ...process.env, GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: '77' };
    const running = startProbe(['agent', '--config', config, '--socket', socket, '--metrics-port', '0'], {
      environment,
    });
    const [, port] = await running.shown(/:(\d+)\/metrics/);

    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('cicd_pipeline_run_id="77"');
    running.send('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  it('names the variable of a token file that is not there', async () => {
    const environment = { ...process.env, TELEMETRY_METRICS_TOKEN_FILE: join(folder, 'none') };
    const args = ['agent', '--socket', socket, '--metrics-port', '0', '--listen', '0.0.0.0', '--simulate'];
    const { code, err } = await startProbe([...args, ...boardOnly], { environment }).ended;

    expect([code, err]).toEqual([2, expect.stringMatching(/TELEMETRY_METRICS_TOKEN_FILE is ".*none".*ENOENT/)]);
  });

  it('names --listen for an address that this host does not have', async () => {
    const environment = { ...process.env, TELEMETRY_METRICS_TOKEN: 'secret' };
    const args = ['agent', '--socket', socket, '--listen', '192.0.2.1', '--simulate', ...boardOnly];
    const { code, err } = await startProbe(args, { environment }).ended;

    expect([code, err]).toEqual([2, expect.stringMatching(/--listen is "192\.0\.2\.1.*an address of this host/)]);
  });

  it('sends OTLP to --otlp, and nowhere by default', async () => {
    let connections = 0;
    const collector = createServer((connection) => {
      connections++;
      connection.destroy();
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    closing.push(() => collector.close());
    const { port } = collector.address() as { port: number }; // it listens on TCP
    const every = { OTEL_METRIC_EXPORT_INTERVAL: '200' };
    const args = [bin, 'agent', '--metrics-port', '0', '--simulate', ...boardOnly];
    const silent = start([...args, '--socket', socket], every);
    await silent.shown(/is read/);
    const sending = start([...args, '--socket', `${socket}2`, '--otlp', `http://127.0.0.1:${port}`], every);
    await sending.shown(/otlp.failed/);

    expect(connections).toBeGreaterThan(0);
    silent.child.kill('SIGTERM');
    expect((await silent.ended).out).not.toContain('otlp');
  });

  it.each([
    [['--no-benchlab', '--no-host', '--no-nvml'], 'Every receiver is turned off'],
    [['--no-benchlab', '--simulate'], '--no-benchlab'],
    [['--port', '/dev/ttyACM0', '--simulate'], '--simulate'],
    [['--rate', '0'], '--rate'],
    [['--socket', ''], "'--socket <path>' argument '' is invalid. It is empty"],
    [['--otlp', 'nota'], '--otlp is "nota". It must be http://HOST:PORT'],
    [['--otlp', ''], "'--otlp <endpoint>' argument '' is invalid. It is empty"],
    [['--otlp', 'collector:'], '--otlp is "collector:"'],
    [['--otlp', 'collector:99999'], '--otlp is "collector:99999"'],
    [['--otlp', 'http://'], '--otlp is "http://"'],
    [['--otlp', 'ftp://collector:4317'], '--otlp is "ftp://collector:4317"'],
    [['--otlp', 'ftp://user:password@collector'], '--otlp is not allowed'],
  ])('is a mistake of usage with %j', async (args, message) => {
    const { code, err } = await agent(...args).ended;
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('the other commands', () => {
  it('take the samples of an agent, and name it where the port is its own', async () => {
    const board = await emulated();
    await ownProcess('--port', board.path, '--no-nvml').shown(/BENCHLAB 2.*is read/);
    const run = (...flags: string[]) => probed('run', ...flags, '--', ...script(''));

    const reading = startProbe(['read', '--agent', socket, '--json']);
    await reading.shown(/(?:"timeNs"[\s\S]*){3}/);
    reading.send('SIGINT');
    const read = await reading.ended;
    const allowed = await run('--agent', socket, '--allow-simulated');
    const refused = await run('--agent', socket, '--budget', 'joules(work) < 1 J');
    const busy = await run('--port', board.path);
    const nowhere = await run('--agent', join(folder, 'none.sock'));

    expect(read.code).toBe(0);
    const samples = read.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(samples.length).toBeGreaterThanOrEqual(3);
    expect(new Set(samples.map(({ source }) => source?.id ?? source)).size).toBe(1);
    expect(JSON.stringify(samples[0])).toContain('simulated');
    expect(allowed.code).toBe(0);
    expect(allowed.out).toMatch(/^meter +BENCHLAB 2 "emulated" \(simulated\).*samples, [0-9.]+ Hz seen/m);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--allow-simulated')]);
    expect([busy.code, busy.err]).toEqual([97, expect.stringContaining('--agent')]);
    expect([nowhere.code, nowhere.err]).toEqual([97, expect.stringContaining('none.sock')]);
  });

  it.each(['read', 'run'])('%s names --agent where its socket is an empty text', async (command) => {
    const words = command === 'run' ? ['--', ...script('')] : [];
    const { code, err } = await probed(command, '--agent', '', ...words);
    expect([code, err]).toEqual([2, expect.stringContaining("'--agent [socket]' argument '' is invalid. It is empty")]);
  });

  it.each([['--port', '/dev/ttyACM0'], ['--rate', '50'], ['--no-dither']])(
    'do not take an agent together with %s, which the agent chooses',
    async (...flags) => {
      const { code, err } = await probed('read', '--agent', ...flags);
      expect([code, err]).toEqual([2, expect.stringContaining('--agent')]);
    },
  );
});
