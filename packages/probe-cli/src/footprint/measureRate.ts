import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchlabError, type StageSource } from '@benchlab-otel/core';
import { emulatedStages } from '@benchlab-otel/emulator';
import { formatStageLine } from '@benchlab-otel/wire';
import type { CommandHost } from '../host/commandHost.ts';
import { type Child, startChild } from '../run/child.ts';
import type { Footprint, ProcessFootprint } from './footprint.ts';
import { usageOf } from './processUsage.ts';
import { sessionBytes } from './sessionBytes.ts';

/** By then the garbage of the start is collected, ns; a scrape of Prometheus comes each 15 s by default. */
const [warmNs, scrapeNs] = [10e9, 15e9];
const readyMs = 30_000;
const secondsADay = 86_400;
/** The compiled program: from `dist` as installed and from `src` in tests. */
const service = fileURLToPath(new URL('../../dist/footprint/service.js', import.meta.url));

/** Processes of one run: started in order, ended in the reverse order, also after a failure. */
class Processes {
  readonly #host: CommandHost;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #children: Child[] = [];

  constructor(host: CommandHost) {
    this.#host = host;
    // Settings of the user are those of his own agent.
    const own = Object.entries(host.environment).filter(([name]) => !/^(?:BENCHLAB|CX|TELEMETRY|OTEL)_/.test(name));
    this.#environment = Object.fromEntries(own);
  }

  /** Starts this command with other words. */
  probe(words: readonly string[], ready: RegExp): Promise<{ readonly pid: number; readonly match: RegExpExecArray }> {
    return this.start([...this.#host.program, ...words], ready);
  }

  async start(command: readonly string[], ready: RegExp) {
    let text = '';
    let found = (_: RegExpExecArray) => {};
    let failed = (_: Error) => {};
    const match = new Promise<RegExpExecArray>((resolve, reject) => {
      [found, failed] = [resolve, reject];
    });
    const output = (more: string) => {
      text = (text + more).slice(-20_000);
      const seen = ready.exec(text);
      if (seen !== null) found(seen);
    };
    const child = await startChild(command, { environment: this.#environment, output });
    this.#children.push(child);
    const words = command.slice(1).join(' ');
    const why = (what: string) =>
      new BenchlabError('UNSUPPORTED', `${words} ${what}: ${text.trim().slice(-500)}`, 'Run it by itself to see why.');
    void child.exited.then(() => failed(why('ended')));
    const timer = setTimeout(() => failed(why(`did not start within ${readyMs / 1000} s`)), readyMs);
    try {
      return { pid: child.pid, match: await match };
    } finally {
      clearTimeout(timer);
    }
  }

  async end(): Promise<void> {
    for (const child of this.#children.reverse()) {
      child.signal('SIGTERM');
      await child.exited;
    }
  }
}

/** @param folder of this run alone; its files stay for the caller to remove */
export async function measureRate(
  host: CommandHost,
  { rateHz, ms, folder }: { readonly rateHz: number; readonly ms: number; readonly folder: string },
): Promise<Footprint & { readonly hasGpu: boolean }> {
  const processes = new Processes(host);
  const [board, socket, config] = ['board', 'agent.sock', 'config.toml'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(folder, { recursive: true });
  writeFileSync(config, configText(folder, board, rateHz));
  let stages: StageSource | undefined;
  try {
    await processes.probe(['emulate', '--link', board], /emulated/);
    const words = ['agent', '--config', config, '--socket', socket, '--metrics-port', '0'];
    const agent = await processes.probe(words, /"metrics":"([^"]+)"[\s\S]*is read\. It is simulated/);
    stages = await frames(join(folder, 'agent.stages.sock'));
    const [on, off] = await Promise.all(
      ['on', 'off'].map((mode) => processes.start([process.execPath, service, mode, `${rateHz}`, socket], /ready/)),
    );
    const pids = [agent.pid, on?.pid ?? 0, off?.pid ?? 0];
    await pause(host, warmNs);
    const [before, disk] = [pids.map(usageOf), await sessionBytes(folder)];
    const startNs = host.clock.nowNs();
    const page = new URL(agent.match[1] ?? '');
    const scraped = await scrapesFor(host, page, ms * 1e6);
    const seconds = (host.clock.nowNs() - startNs) / 1e9;
    const used = pids.map((pid, k) => footprintOf(usageOf(pid), before[k]?.cpuSeconds ?? 0, seconds));
    const after = await sessionBytes(folder);
    const [own, withTelemetry, bare] = used as [ProcessFootprint, ProcessFootprint, ProcessFootprint];
    const aDay = (bytes: number) => (bytes / seconds) * secondsADay;
    const files = {
      sampleBytesADay: aDay(after.samples - disk.samples),
      stageBytesADay: aDay(after.stages - disk.stages),
      rowBytesADay: aDay(after.rows - disk.rows),
      keptBytesADay: aDay(after.kept - disk.kept),
    };
    const networkBytesAnHour = (scraped.bytes / scraped.count) * (3600e9 / scrapeNs);
    return {
      rateHz,
      agent: { ...own, networkBytesAnHour, ...files },
      service: withTelemetry,
      bare,
      hasGpu: scraped.hasGpu,
    };
  } finally {
    await stages?.stop();
    await processes.end();
  }
}

function configText(folder: string, board: string, rateHz: number): string {
  const text = JSON.stringify;
  return `[general]\ndata_root = ${text(folder)}\nsample_hz = ${rateHz}\n[benchlab]\ndevice = ${text(board)}\n`;
}

/** Frames of an emulated pipeline, sent as a pipeline of another process sends them. */
async function frames(path: string): Promise<StageSource> {
  const socket = connect(path);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', () => undefined);
  const source = emulatedStages({ stages: ['ingress', 'encoded'] });
  await source.start({ stage: (event) => void socket.write(`${formatStageLine(event)}\n`) });
  const stop = async () => {
    await source.stop();
    socket.destroy();
  };
  return { name: source.name, start: source.start, stop };
}

function footprintOf(
  { cpuSeconds, rssBytes }: ReturnType<typeof usageOf>,
  cpuBefore: number,
  seconds: number,
): ProcessFootprint {
  return { rssBytes, cpuPercent: ((cpuSeconds - cpuBefore) / seconds) * 100 };
}

/** Scrapes at the start of the time, and each 15 s. */
async function scrapesFor(host: CommandHost, page: URL, forNs: number) {
  const endNs = host.clock.nowNs() + forNs;
  let [bytes, count, hasGpu] = [0, 0, false];
  for (;;) {
    const body = await (await fetch(page)).text();
    bytes += Buffer.byteLength(body);
    count++;
    hasGpu = /^hw_gpu_/m.test(body);
    const leftNs = endNs - host.clock.nowNs();
    await pause(host, Math.min(leftNs, scrapeNs));
    if (leftNs <= scrapeNs) return { bytes, count, hasGpu };
  }
}

function pause({ clock }: CommandHost, ns: number): Promise<void> {
  return new Promise((resolve) => void clock.at(clock.nowNs() + ns, resolve));
}
