// The agent in this process, which records an emulated board and the frames of a pipeline.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulateBoard } from '@benchlab-otel/emulator';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
// Loaded here, so that its loading does not count into the first test.
import '../agent/agent.ts';
import { seedConfig } from '../agent/config/seedConfig.suite.ts';
import { probed, startProbe } from '../host/testHost.suite.ts';

vi.setConfig({ testTimeout: 60_000 });

const closing: (() => unknown)[] = [];
let [folder, socket, config] = ['', '', ''];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-agent-record-'));
  [socket, config] = [join(folder, 'a.sock'), join(folder, 'config.toml')];
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

function agent(text: string) {
  writeFileSync(config, text);
  const running = startProbe(['agent', '--config', config, '--socket', socket, '--metrics-port', '0']);
  closing.push(() => {
    running.send('SIGTERM');
    return running.ended;
  });
  return running;
}

async function board(): Promise<string> {
  const emulated = await emulateBoard();
  closing.push(() => emulated.close());
  return emulated.path;
}

const configOf = (port: string, more = '') =>
  `[general]\ndata_root = "${folder}"\nnode_name = "bench-1"\n[agent]\nsources = ["benchlab"]\n[benchlab]\ndevice = "${port}"\n${more}`;
const reload = () => probed('agent', 'reload', '--socket', socket);
const sessions = () => readdirSync(join(folder, 'sessions')).sort();
const text = (...path: string[]) => readFileSync(join(folder, 'sessions', ...path), 'utf8');
const linesOf = (name: string, stream: string) => text(name, 'raw', `${stream}.jsonl`).trim().split('\n');
const pageOf = async (running: ReturnType<typeof agent>) => (await running.shown(/"metrics":"([^"]+)"/))[1] as string; // a group of what was matched

function sendFrames(to: string, stages: readonly string[]): Promise<void> {
  const nowNs = Number(process.hrtime.bigint());
  const lines = stages.map((stage, index) =>
    JSON.stringify({ ts_ns: nowNs + index * 5e6, source: 'pipeline', kv: { stage, frame_id: 7 } }),
  );
  return new Promise((resolve, reject) => {
    const client = connect(to, () => client.end(`${lines.join('\n')}\n`, () => resolve()));
    client.on('error', reject);
  });
}

describe('benchlab-probe agent with a data root', () => {
  it('records power and frames, shows the series of the recording, and loses no sample at a reload', async () => {
    const port = await board();
    const running = agent(configOf(port));
    const url = await pageOf(running);
    await running.shown(/is recorded/);
    await sendFrames(join(folder, 'a.stages.sock'), ['ingress', 'encoded']);
    await vi.waitUntil(async () => (await (await fetch(url)).text()).includes('benchlab_pipeline_latency_ms{'), {
      timeout: 30_000,
    });
    const page = await (await fetch(url)).text();
    writeFileSync(config, configOf(port, '[pipeline]\nstage_b = "shown"\n'));
    const reloaded = await reload();
    const [first = '', second = ''] = sessions();
    await vi.waitUntil(() => existsSync(join(folder, 'sessions', second, 'raw', 'benchlab.jsonl')), {
      timeout: 30_000,
    });
    const startedMs = performance.now();
    running.send('SIGTERM');
    const { code } = await running.ended;

    expect([code, performance.now() - startedMs < 5_000]).toEqual([0, true]);
    expect(page).toMatch(/benchlab_power_w\{[^}]*benchlab_simulated="true"[^}]*node="bench-1"[^}]*\} \d/);
    expect(page).toMatch(/benchlab_pipeline_latency_ms\{[^}]*pair="ingress_to_encoded"\} 5\b/);
    expect(page).toMatch(/benchlab_pipeline_frames_dropped_total\{[^}]*\} 0/);
    expect(reloaded.out).toContain(`records into: ${join(folder, 'sessions', second)}`);
    // Polls are 100 ms apart, dithered by half of it.
    const times = [first, second].flatMap((name) => linesOf(name, 'benchlab')).map((line) => JSON.parse(line).ts_ns);
    expect(new Set(times).size).toBe(times.length);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const name of [first, second]) {
      expect(JSON.parse(text(name, 'session.json'))).toMatchObject({
        closedAt: expect.any(String),
        tags: { recorder: 'benchlab-agent', node: 'bench-1' },
      });
    }
    expect(text(first, 'aligned', 'latency.jsonl')).toMatch(/"lat_ms":5,"pair":\["ingress","encoded"\]/);
  });

  it('puts tables of closed sessions into the watched folder, which is a finding while it is away', async () => {
    const watched = join(folder, 'cx');
    const more = `[cx_export]\nenabled = true\nwatch_dir = "${watched}"\n`;
    const running = agent(configOf(await board(), more));
    const url = await pageOf(running);
    await running.shown(/is recorded/);
    await sendFrames(join(folder, 'a.stages.sock'), ['ingress', 'encoded']);
    await vi.waitUntil(() => existsSync(join(folder, 'sessions', sessions()[0] ?? '', 'raw', 'pipeline.jsonl')), {
      timeout: 30_000,
    });
    // Another session begins, and the first is closed.
    writeFileSync(config, configOf('/dev/null-board', `${more}[pipeline]\nstage_b = "shown"\n`));
    await reload();
    await running.shown(/sessions deliver failed \(97\) and is tried again: .*cx takes no files/);
    const health = async () => {
      const { status, text: body } = await fetch(new URL('/healthz', url)).then(async (answer) => ({
        status: answer.status,
        text: await answer.text(),
      }));
      return [status, body];
    };
    expect(await health()).toEqual([200, expect.stringMatching(/^ok\nsessions deliver failed/)]);
    mkdirSync(watched);
    await running.shown(/sessions deliver succeeds again/);

    // Its own pair, although the configuration has another one by then.
    expect(readdirSync(watched)).toEqual([`${sessions()[0]}-ingress_to_encoded.csv`]);
    expect(await health()).toEqual([200, 'ok\n']);
  });

  it('emulates a board, a GPU and a pipeline on request, each marked as simulated', async () => {
    const simulated = configOf('')
      .replace('["benchlab"]', '["benchlab", "nvml"]\nsimulate = true')
      .replace(/\[benchlab\][\s\S]*/, '');
    const url = await pageOf(agent(simulated));
    const page = async () => (await fetch(url)).text();
    await vi.waitUntil(async () => /^benchlab_pipeline_latency_ms\{/m.test(await page()), { timeout: 30_000 });
    await vi.waitUntil(async () => /^hw_gpu_utilization_ratio\{/m.test(await page()), { timeout: 30_000 });
    const devices = (await page()).split('\n').filter((line) => /^(hw_|benchlab_pipeline|benchlab_power_w)/.test(line));

    expect(devices.length).toBeGreaterThan(150);
    expect(devices.filter((line) => !line.includes('benchlab_simulated="true"'))).toEqual([]);
    const { sources } = JSON.parse(text(sessions()[0] ?? '', 'session.json'));
    expect(sources.map((source: { simulated: boolean }) => source.simulated)).toEqual([true, true, true]);
  });

  it('refuses an address of stage events that has no right form, and starts nothing', async () => {
    const { code, err } = await agent(configOf('/dev/ttyACM0', '[pipeline]\nfrom = ["udp:0"]\n')).ended;
    expect([code, err]).toEqual([2, expect.stringMatching(/pipeline\.from .*config\.toml:9\) is "udp:0"/)]);
    expect(existsSync(join(folder, 'sessions'))).toBe(false);
  });

  it('runs with the file of the seed after the one line that the error asks for, and records', async () => {
    const seed = seedConfig.replace('/var/log/benchlab', folder);
    const refused = await agent(seed).ended;
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('unprotected = true')]);
    const running = agent(seed.replace('[prometheus]', '[prometheus]\nunprotected = true'));
    await running.shown(/is recorded/);
    expect(sessions()).toHaveLength(1);
  });
});
