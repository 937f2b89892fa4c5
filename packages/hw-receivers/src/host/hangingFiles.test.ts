import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CollectedSamples as Collected, ManualClock } from '@benchlab-otel/core/testing';
import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { expect, onTestFinished, test, vi } from 'vitest';
import { benchlabReceiver } from '../benchlab/receiver.ts';
import { hostFiles } from './files.ts';
import { HostAnswers } from './hostAnswers.ts';
import { hostDevices } from './hostDevices.ts';
import type { StartHostWorker } from './hostWorker.ts';
import { hostReceiver } from './receiver.ts';
import { FilePlace } from './watchedFiles.ts';

// A FIFO without a writer is a file that never answers: opening it hangs, as reading a stuck driver does.

const chip = '/sys/class/hwmon/hwmon0';

function hostTree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'benchlab-hang-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function fifo(root: string, path: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  execFileSync('mkfifo', [join(root, path)]);
  return join(root, path);
}

const files = {
  '/proc/uptime': '100.00 1.00\n',
  '/sys/class/hwmon/hwmon0/name': 'stuck\n',
  '/sys/class/hwmon/hwmon1/name': 'fine\n',
  '/sys/class/hwmon/hwmon1/temp1_input': '40000\n',
};

/** A board next to the host: how many of its polls were missed, in some seconds. */
async function boardNext(work: () => Promise<void>) {
  const board = await emulateBoard({ bench: constantBench() });
  onTestFinished(() => board.close());
  const consumer = new Collected();
  const receiver = benchlabReceiver({ ports: [board.path], rateHz: 20 });
  await receiver.start(consumer);
  await vi.waitUntil(() => consumer.samples.length > 5, { timeout: 5000 });
  const before = consumer.samples.length;
  const startMs = performance.now();
  await work();
  const seconds = (performance.now() - startMs) / 1000;
  const samples = consumer.samples.length - before;
  await receiver.stop();
  return { samples, seconds };
}

test('a file that never answers stops neither the board nor the other files; it is given up, reported and left out', {
  timeout: 30_000,
}, async () => {
  const root = hostTree(files);
  const stuck = fifo(root, `${chip}/power1_average`);
  const consumer = new Collected();
  const receiver = hostReceiver({ root, rateHz: 10, sources: ['hwmon', 'uptime'] });
  const { samples, seconds } = await boardNext(async () => {
    await receiver.start(consumer);
    await vi.waitUntil(() => consumer.samples.some(({ source }) => source.id === 'hwmon/virtual/fine'), {
      timeout: 15_000,
    });
    await vi.waitUntil(() => consumer.reports.at(-1)?.outcome === 'partial', { timeout: 15_000 });
  });
  // Alone it has 20 a second. A busy host may cost some; a thread that is stuck costs all of them.
  expect(samples).toBeGreaterThan(seconds * 20 * 0.5);
  const given = consumer.reports.find(({ outcome }) => outcome === 'failure');
  expect(given?.error).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('hwmon0/power1_average') });
  expect(consumer.reports.at(-1)?.error).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining(chip) });
  expect(consumer.samples.map(({ source }) => source.id)).toContain('host');
  const startMs = performance.now();
  await receiver.stop();
  expect(performance.now() - startMs).toBeLessThan(3000);
  // The thread that hangs in the call gets its writer, and ends.
  openSync(stuck, 'r+');
});

test('a chip that answers slowly costs the board no sample, and the other files their rate only once', {
  timeout: 30_000,
}, async () => {
  const root = hostTree({ ...files, [`${chip}/temp1_input`]: '30000\n' });
  const slow = fifo(root, `${chip}/fan1_input`);
  // A writer comes every 300 ms: each read of the chip waits for it.
  // The reader may close before it writes: that must not end it.
  const loop = `trap '' PIPE; while sleep 0.3; do echo 900 > ${slow}; done`;
  const writer: ChildProcess = spawn('sh', ['-c', loop], { stdio: 'ignore' });
  onTestFinished(() => void writer.kill());
  const consumer = new Collected();
  const receiver = hostReceiver({ root, rateHz: 10, sources: ['hwmon', 'uptime'] });
  const { samples, seconds } = await boardNext(async () => {
    await receiver.start(consumer);
    await vi.waitUntil(() => consumer.samples.some(({ source }) => source.id === 'hwmon/virtual/stuck'), {
      timeout: 10_000,
    });
    await new Promise((resolve) => setTimeout(resolve, 2000));
  });
  await receiver.stop();
  expect(samples).toBeGreaterThan(seconds * 20 * 0.5);
  const hosts = consumer.samples.filter(({ source }) => source.id === 'host').length;
  const slows = consumer.samples.filter(({ source }) => source.id === 'hwmon/virtual/stuck').length;
  expect(hosts).toBeGreaterThan(3 * slows);
});

/** A thread whose files hang when the test wants, on a clock that the test moves. */
function steered(root: string, clock: ManualClock) {
  const state = { hangAt: '', threads: 0, returned: [] as (() => void)[], asked: [] as string[] };
  const startWorker: StartHostWorker = ({ sources, marks }) => {
    state.threads++;
    const place = new FilePlace();
    const real = hostFiles(root);
    let hangs = false;
    const touched = (path: string) => {
      state.asked.push(path);
      if (state.hangAt !== '' && path.startsWith(state.hangAt)) hangs = true;
      if (hangs) throw new Error('hangs');
    };
    const answers = new HostAnswers(
      hostDevices(sources, false, marks),
      {
        ...real,
        read(path) {
          touched(path);
          return real.read(path);
        },
      },
      place,
      () => clock.nowNs(),
    );
    return {
      place,
      async ask(request) {
        try {
          return structuredClone(answers.answer(request));
        } catch {
          return new Promise(() => undefined);
        }
      },
      end: async () => (hangs ? { hanging: new Promise<void>((resolve) => state.returned.push(resolve)) } : {}),
    };
  };
  return { state, startWorker };
}

test('what hung is tried again after a minute, then after longer, and is read when it answers', async () => {
  const root = hostTree({ ...files, [`${chip}/temp1_input`]: '30000\n' });
  const [clock, consumer] = [new ManualClock(), new Collected()];
  const { state, startWorker } = steered(root, clock);
  const receiver = hostReceiver({ clock, sources: ['hwmon'] }, startWorker);
  const ofChip = () => consumer.samples.filter(({ source }) => source.id === 'hwmon/virtual/stuck').length;
  await receiver.start(consumer);
  await clock.advanceMs(1010);
  expect(ofChip()).toBe(2);
  state.hangAt = `${chip}/temp1_input`;
  await clock.advanceMs(60_000);
  const [given, tries] = [ofChip(), () => state.asked.filter((path) => path === `${chip}/temp1_input`).length];
  expect([given, tries(), state.threads]).toEqual([2, 3, 2]);
  expect(consumer.losses).toMatchObject([{ source: { id: 'hwmon/virtual/stuck' }, error: { code: 'DEVICE_LOST' } }]);
  await clock.advanceMs(10_000);
  expect([tries(), state.threads]).toEqual([4, 3]);
  await clock.advanceMs(60_000);
  expect(tries()).toBe(4);
  state.hangAt = '';
  for (const release of state.returned) release();
  await clock.advanceMs(120_000);
  expect(ofChip()).toBeGreaterThan(given);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'success' });
  await receiver.stop();
  expect(clock.pending).toBe(0);
});

test('a chip that hangs costs the energy counters of the processors no joule, although their thread is replaced', async () => {
  const zone = '/sys/class/powercap/intel-rapl:0';
  const root = hostTree({
    ...files,
    [`${chip}/temp1_input`]: '30000\n',
    [`${zone}/name`]: 'package-0\n',
    [`${zone}/max_energy_range_uj`]: '262143328850\n',
    [`${zone}/energy_uj`]: '1000000\n',
  });
  const [clock, consumer] = [new ManualClock(), new Collected()];
  const { state, startWorker } = steered(root, clock);
  const receiver = hostReceiver({ clock, sources: ['hwmon', 'rapl'] }, startWorker);
  const startNs = clock.nowNs();
  const seconds = () => (clock.nowNs() - startNs) / 1e9;
  const burn = async (count: number) => {
    for (let step = 0; step < count * 20; step++) {
      writeFileSync(join(root, `${zone}/energy_uj`), `${1e6 + Math.round(seconds() * 40e6)}\n`);
      await clock.advanceMs(50);
    }
  };
  await receiver.start(consumer);
  await burn(5);
  state.hangAt = `${chip}/temp1_input`;
  await burn(10);
  await receiver.stop();
  expect(state.threads).toBe(2);
  const energy = consumer.readings('hw.energy').map(({ value }) => value);
  expect(energy.at(-1)).toBeGreaterThan(14.5 * 40);
  expect(energy.at(-1)).toBeLessThanOrEqual(15 * 40);
  expect(energy).toEqual([...energy].sort((a, b) => a - b));
  const totals = consumer.samples.flatMap(({ totals: sums }) => sums?.cpu ?? []);
  // The first file was written half a step before the first poll.
  for (const watts of totals.slice(1)) expect(Math.abs(watts - 40)).toBeLessThan(0.6);
  expect(consumer.losses.map(({ source }) => source.id)).toEqual(['hwmon/virtual/stuck']);
});
