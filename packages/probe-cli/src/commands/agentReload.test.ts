// The agent in this process, with a file of its configuration that changes while it runs.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CollectedSamples } from '@benchlab-otel/core/testing';
import { emulateBoard } from '@benchlab-otel/emulator';
import { agentReceiver } from '@benchlab-otel/wire';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
// Loaded here, so that its loading does not count into the first test.
import '../agent/agent.ts';
import { probed, startProbe } from '../host/testHost.suite.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'benchlab-reload-'));
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
let [socket, config] = ['', ''];
let agents = 0;
beforeEach(() => {
  agents += 1;
  socket = join(folder, `${agents}.sock`);
  config = join(folder, `${agents}.toml`);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function emulated() {
  const board = await emulateBoard({ serial: closing.length + 1 });
  closing.push(() => board.close());
  return board;
}

function agent(text: string, ...args: string[]) {
  writeFileSync(config, text);
  const running = startProbe(['agent', '--config', config, '--socket', socket, '--metrics-port', '0', ...args]);
  closing.push(() => {
    running.send('SIGTERM');
    return running.ended;
  });
  return running;
}

const boards = (...ports: readonly string[]) =>
  `[agent]\nsources = ["benchlab"]\n[benchlab]\ndevice = ${JSON.stringify(ports)}\n`;
const reload = () => probed('agent', 'reload', '--socket', socket);

describe('benchlab-probe agent reload', () => {
  it('adds and removes a board while the page, the bus and the other board run on, and logs who asked', async () => {
    const [first, second] = [await emulated(), await emulated()];
    const running = agent(boards(first.path));
    const url = (await running.shown(/"metrics":"([^"]+)"/))[1] as string; // a group of what was matched
    await running.shown(/is read/);
    const reader = agentReceiver({ path: socket });
    const samples = new CollectedSamples();
    closing.push(() => reader.stop());
    await reader.start(samples);
    await vi.waitUntil(() => samples.samples.length > 0, { timeout: 30_000 });
    const scrapes: number[] = [];
    const scraping = setInterval(
      () =>
        void fetch(url).then(
          ({ status }) => scrapes.push(status),
          () => scrapes.push(0),
        ),
      20,
    );
    closing.push(() => clearInterval(scraping));

    writeFileSync(config, boards(first.path, second.path));
    const added = await reload();
    await vi.waitUntil(() => samples.samples.some(({ source }) => source.id === second.uid), { timeout: 30_000 });
    writeFileSync(config, boards(first.path));
    const removed = await reload();
    await vi.waitUntil(() => samples.losses.length > 0, { timeout: 30_000 });
    clearInterval(scraping);

    expect(added).toMatchObject({ code: 0, err: '' });
    expect(added.out).toContain(`started: benchlab ${second.path}`);
    expect(added.out).toContain(`runs on: benchlab ${first.path}`);
    expect(removed.out).toContain(`stopped: benchlab ${second.path}`);
    const actor = `"actor":{"pid":${process.pid},"uid":${process.getuid?.()},"gid":${process.getgid?.()}}`;
    const [, line = ''] = await running.shown(/(.*The configuration is [0-9a-f]{12} now, it was [0-9a-f]{12}.*)/);
    expect(line).toContain(actor);
    expect(line).toMatch(/"before":"[0-9a-f]{12}","after":"[0-9a-f]{12}"/);
    // The board that stays is never lost, and every scrape was answered.
    expect(samples.losses.map(({ source }) => source.id)).toEqual([second.uid]);
    expect(new Set(scrapes)).toEqual(new Set([200]));
  });

  it('leaves the configuration before working when the new one is nonsense, a folder or missing', async () => {
    const running = agent('[agent]\nsources = ["host"]\n');
    await running.shown(/host is read/);

    writeFileSync(config, '[general]\nsampel_hz = 1\n');
    const nonsense = await reload();
    rmSync(config);
    const missing = await reload();
    mkdirSync(config);
    const isFolder = await reload();
    rmSync(config, { recursive: true });
    writeFileSync(config, '[agent]\nsources = ["host"]\n');
    const repaired = await reload();

    expect([nonsense.code, nonsense.out]).toEqual([2, '']);
    expect(nonsense.err).toMatch(/still holds\.[\s\S]*:2: The key "sampel_hz" is not known.*Did you mean sample_hz\?/);
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('ENOENT')]);
    expect([isFolder.code, isFolder.err]).toEqual([2, expect.stringContaining('a folder')]);
    expect([repaired.code, repaired.out]).toEqual([0, expect.stringMatching(/^Nothing changed: [0-9a-f]{12}\.\n$/)]);
    await running.shown(/is refused: [0-9a-f]{12} still holds/);
  });

  it('names what holds after the next start only', async () => {
    const running = agent('[agent]\nsources = ["host"]\n');
    await running.shown(/The agent runs/);
    writeFileSync(config, '[agent]\nsources = ["host"]\n[general]\nnode_name = "b"\n');

    expect((await reload()).out).toContain('holds after the next start: general.node_name');
  });

  it('happens at SIGHUP too, without an actor, also when it came before the agent ran', async () => {
    const running = agent('[agent]\nsources = ["host"]\n');
    await vi.waitUntil(() => running.listeners > 0, { timeout: 30_000 });
    running.ask('SIGHUP');
    await running.shown(/"actor":"SIGHUP","outcome":"unchanged"/);
    running.send('SIGTERM');
    running.ask('SIGHUP');
    expect((await running.ended).code).toBe(0);
  });

  it('reports where no agent takes orders', async () => {
    const { code, err } = await reload();
    expect([code, err]).toEqual([97, expect.stringContaining('No agent takes orders at')]);
  });

  it.each([
    ['another order', 'stop\n', 'The only order is: reload'],
    ['a line that does not end', 'x'.repeat(300), 'The only order is: reload'],
  ])('refuses %s', async (_, bytes, words) => {
    const running = agent('[agent]\nsources = ["host"]\n');
    await running.shown(/The agent runs/);
    const path = socket.replace('.sock', '.control.sock');
    const answer = await new Promise<string>((resolve, reject) => {
      const client = connect(path, () => client.write(bytes));
      client.on('data', (text) => resolve(text.toString())).on('error', reject);
    });

    expect(answer).toContain(words);
  });
});

describe('the name of the node', () => {
  it('is on every series, on the resource and in the first line of the bus, so that two agents never collide', async () => {
    const seriesOf = async (node: string) => {
      const running = agent(`[agent]\nsources = ["host"]\n[general]\nnode_name = "${node}"\n`);
      const url = (await running.shown(/"metrics":"([^"]+)"/))[1] as string; // a group of what was matched
      await running.shown(/host is read/);
      const hello = await new Promise<string>((resolve, reject) => {
        const client = connect(socket);
        client.once('data', (bytes) => resolve(bytes.toString().split('\n')[0] ?? '')).on('error', reject);
        closing.push(() => client.destroy());
      });
      expect(JSON.parse(hello)).toMatchObject({ bus: 'benchlab-otel/sample-bus', node });
      const page = await (await fetch(url)).text();
      running.send('SIGTERM');
      await running.ended;
      return page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    };
    const first = await seriesOf('bench-1');
    socket = join(folder, 'second.sock');
    const second = await seriesOf('bench-2');

    const info = (lines: readonly string[]) => lines.filter((line) => line.startsWith('target_info'));
    expect(info(first)).toEqual([expect.stringContaining('benchlab_node="bench-1"')]);
    for (const line of first.filter((each) => !each.startsWith('target_info')))
      expect(line).toContain('node="bench-1"');
    const names = (lines: readonly string[]) => new Set(lines.map((line) => line.slice(0, line.lastIndexOf(' '))));
    const both = [...names(first)].filter((name) => names(second).has(name));
    expect([first.length > 10, both]).toEqual([true, []]);
  });
});

describe('the health of the agent', () => {
  it('is shown at /healthz and /readyz', async () => {
    const running = agent('[agent]\nsources = ["host"]\n');
    const url = (await running.shown(/"metrics":"([^"]+)"/))[1] as string; // a group of what was matched
    await running.shown(/host is read/);
    const probe = async (path: string) => {
      const response = await fetch(new URL(path, url));
      return [response.status, await response.text()];
    };

    expect(await probe('/healthz')).toEqual([200, 'ok\n']);
    expect(await probe('/readyz')).toEqual([200, 'ok\n']);
  });
});

describe('benchlab-probe agent config', () => {
  it('prints what holds with its origin, and --check only the notes', async () => {
    writeFileSync(config, '[general]\nsample_hz = 50\n[benchlab]\nbaud = 115200\n');

    const whole = await probed('agent', 'config', '--config', config, '--no-nvml');
    const check = await probed('agent', 'config', '--check', '--config', config);

    expect([whole.code, whole.err]).toEqual([0, '']);
    expect(whole.out).toContain(`sample_hz = 50 # ${config}:2`);
    expect(whole.out).toContain('sources = [ "benchlab", "host" ] # --no-nvml');
    expect(whole.out).toContain('general.sample_hz is 50: host takes 10 samples a second, its bound.');
    expect([check.code, check.out]).toEqual([0, '']);
    expect(check.err).toContain('benchlab.baud has no effect');
  });

  it.each([
    ['[general]\nsample_hz = 0\n', ':2: general.sample_hz is 0.'],
    ['[benchlab]\nassume_firmware = 99\n', 'assume_firmware'],
  ])('refuses %j with code 2', async (text, words) => {
    writeFileSync(config, text);
    for (const args of [
      ['agent', 'config'],
      ['agent', 'config', '--check'],
      ['agent', '--socket', socket],
    ]) {
      const { code, out, err } = await probed(...args, '--config', config);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(words);
    }
  });
});
