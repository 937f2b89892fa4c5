// The agent as users meet it: the built binary in a process of its own, a board emulated here, and an application in a
// third process that never touches hardware.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchModel, constantBench, type EmulatedBoard, emulateBoard } from '@benchlab-otel/emulator';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/benchlab-probe.mjs', import.meta.url));
const cwd = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'benchlab-agent-'));
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
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  closing.push(() => child.kill('SIGKILL'));
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes) => (out += bytes));
  child.stderr.on('data', (bytes) => (err += bytes));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
  const said = async (pattern: RegExp): Promise<RegExpExecArray> => {
    await expect.poll(() => out, { timeout: 10_000, interval: 20 }).toMatch(pattern);
    return pattern.exec(out) as RegExpExecArray; // it matches, by the line above
  };
  return { child, ended, said };
}

const agent = (...args: string[]) => start([bin, 'agent', '--socket', socket, '--metrics-port', '0', ...args]);
const boardOnly = ['--no-host', '--no-nvml'];

async function emulated(bench: BenchModel = constantBench()): Promise<EmulatedBoard> {
  const board = await emulateBoard({ bench });
  closing.push(() => board.close());
  return board;
}

/** An application: a span of 1.5 s, and what its energy is, one JSON line each. */
const application = (spans: number) => `
  import { spanEnergy } from '@benchlab-otel/enrichers';
  import { agentReceiver } from '@benchlab-otel/wire';
  import { startTelemetry } from '@benchlab-otel/node';
  import { SampleHistory, withSpan } from '@benchlab-otel/sdk';
  const history = new SampleHistory();
  const agent = agentReceiver({ path: process.env.AGENT_SOCKET });
  await agent.start(history);
  const energy = spanEnergy(history);
  const telling = {
    ...energy,
    async spanEnded(span) {
      const attributes = await energy.spanEnded(span);
      console.log(JSON.stringify({ startNs: span.startNs, endNs: span.endNs, ...attributes }));
      return attributes;
    },
  };
  const telemetry = await startTelemetry({ metricsPage: false, otlp: false, enrichers: [telling] });
  await new Promise((resolve) => setTimeout(resolve, 700));
  for (let k = 0; k < ${spans}; k++) {
    await withSpan('work', () => new Promise((resolve) => setTimeout(resolve, 1500)));
  }
  await telemetry.shutdown();
  await agent.stop();
`;

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
    const { said } = agent('--port', board.path, ...boardOnly);
    await said(/is read/);
    const app = start(['--input-type=module', '--eval', application(3)], { AGENT_SOCKET: socket });
    const { code, out, err } = await app.ended;

    expect([code, err]).toEqual([0, '']);
    const spans = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(spans).toHaveLength(3);
    for (const span of spans) {
      expect(span).toMatchObject({
        'benchlab.energy.nature': 'simulated',
        'benchlab.simulated': true,
        'benchlab.energy.boundary': 'dc_rails',
        'benchlab.energy.source': board.uid,
        'benchlab.energy.coverage': 1,
      });
      const joules = delivered(span.startNs, span.endNs);
      const error = Math.abs(span['benchlab.energy.system.joules'] - joules);
      // 500 J, of which the wave moves 38: a wrong clock or a lost sample would show.
      expect(error).toBeLessThan(3 * span['benchlab.energy.system.stderr'] + 0.5);
      expect(span['benchlab.energy.system.stderr']).toBeLessThan(5);
    }
  }, 40_000);

  it('may be killed and come back: the application gets joules again', async () => {
    const board = await emulated();
    const first = agent('--port', board.path, ...boardOnly);
    await first.said(/is read/);
    const app = start(['--input-type=module', '--eval', application(4)], { AGENT_SOCKET: socket });
    await app.said(/system.joules/);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(existsSync(socket)).toBe(true);
    await agent('--port', board.path, ...boardOnly).said(/is read/);
    const { code, out } = await app.ended;

    expect(code).toBe(0);
    const spans = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(spans[0]['benchlab.energy.system.joules'] / ((spans[0].endNs - spans[0].startNs) / 1e9)).toBeCloseTo(
      323.6,
      0,
    );
    expect(spans.some((span) => !(span['benchlab.energy.coverage'] === 1))).toBe(true);
    expect(spans.at(-1)['benchlab.energy.system.joules']).toBeGreaterThan(400);
  }, 40_000);

  it('tells what it reads and what is missing, serves both, and leaves nothing behind at SIGTERM', async () => {
    const { child, ended, said } = agent('--simulate', '--no-nvml');
    const url = (await said(/"metrics":"([^"]+)"/))[1] as string; // a group of what was matched
    await said(/BENCHLAB 2.*is read. It is simulated/);
    await said(/host is read/);
    const page = await (await fetch(url)).text();
    expect(statSync(socket).mode & 0o777).toBe(0o660);
    child.kill('SIGTERM');
    const { code, out, err } = await ended;

    expect(page).toMatch(/^hw_host_power_watts\{.*benchlab_simulated="true".*\} /m);
    expect(page).toMatch(/^target_info\{.*host_name="[^"]+".*service_name="benchlab-agent"/m);
    expect(page).toMatch(/^benchlab_bus_readers 0$/m);
    expect([code, err]).toEqual([0, '']);
    for (const line of out.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    expect(existsSync(socket)).toBe(false);
  });

  it('says why a board is missing, and ends at SIGINT', async () => {
    const { child, ended, said } = agent('--port', '/dev/there-is-no-such-port', ...boardOnly);
    await said(/"code":"NO_BOARD".*There is no \/dev\/there-is-no-such-port/);
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });

  it('refuses the socket of another agent and the port of another page, by name', async () => {
    const first = agent('--simulate', ...boardOnly);
    const port = (await first.said(/:(\d+)\/metrics/))[1] as string; // a group of what was matched
    const second = await agent('--simulate', ...boardOnly).ended;
    const third = await start([bin, 'agent', '--socket', `${socket}2`, '--metrics-port', port, ...boardOnly]).ended;

    expect([second.code, third.code]).toEqual([97, 97]);
    expect(second.err).toContain(socket);
    expect(third.err).toContain(`Port ${port} of 127.0.0.1`);
    expect(third.err).toContain('--metrics-port');
    expect([existsSync(socket), existsSync(`${socket}2`)]).toEqual([true, false]);
  });

  it('shows its page beyond this machine to nobody without a token', async () => {
    const open = await agent('--listen', '0.0.0.0', ...boardOnly).ended;
    expect([open.code, open.err]).toEqual([97, expect.stringContaining('TELEMETRY_METRICS_TOKEN_FILE')]);
  });

  it('sends OTLP where it is told to, and nowhere by default', async () => {
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
    await silent.said(/is read/);
    const sending = start([...args, '--socket', `${socket}2`, '--otlp', `http://127.0.0.1:${port}`], every);
    await sending.said(/otlp.failed/);

    expect(connections).toBeGreaterThan(0);
    silent.child.kill('SIGTERM');
    expect((await silent.ended).out).not.toContain('otlp');
  });

  it.each([
    [['--no-benchlab', '--no-host', '--no-nvml'], 'Every receiver is turned off'],
    [['--no-benchlab', '--simulate'], '--no-benchlab'],
    [['--port', '/dev/ttyACM0', '--simulate'], '--simulate'],
    [['--rate', '0'], '--rate'],
    [['--socket', ''], 'no path for a Unix socket'],
  ])('is a mistake of usage with %j', async (args, message) => {
    const { code, err } = await agent(...args).ended;
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('the other commands', () => {
  it('take the samples of an agent, and name it where the port is its own', async () => {
    const board = await emulated();
    await agent('--port', board.path, '--no-nvml').said(/BENCHLAB 2.*is read/);
    const [command, ...args] = [process.execPath, '-e', ''];
    const run = (...flags: string[]) => start([bin, 'run', ...flags, '--', command, ...args]).ended;

    const read = await start([bin, 'read', '--agent', socket, '--for', '1s', '--json']).ended;
    const allowed = await run('--agent', socket, '--allow-simulated');
    const refused = await run('--agent', socket, '--budget', 'joules(work) < 1 J');
    const busy = await run('--port', board.path);
    const nowhere = await run('--agent', join(folder, 'none.sock'));

    expect(read.code).toBe(0);
    const samples = read.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(samples.length).toBeGreaterThan(10);
    expect(new Set(samples.map(({ source }) => source?.id ?? source)).size).toBe(1);
    expect(JSON.stringify(samples[0])).toContain('simulated');
    expect(allowed.code).toBe(0);
    expect(allowed.out).toMatch(/^meter +BENCHLAB 2 "emulated" \(simulated\).*samples, [0-9.]+ Hz seen/m);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--allow-simulated')]);
    expect([busy.code, busy.err]).toEqual([97, expect.stringContaining('--agent')]);
    expect([nowhere.code, nowhere.err]).toEqual([97, expect.stringContaining('none.sock')]);
  }, 40_000);

  it.each([
    ['--port', '/dev/ttyACM0'],
    ['--rate', '50'],
  ])('do not take an agent and %s, which is for it to choose', async (...flags) => {
    const { code, err } = await start([bin, 'read', '--agent', ...flags]).ended;
    expect([code, err]).toEqual([2, expect.stringContaining('--agent')]);
  });
});
