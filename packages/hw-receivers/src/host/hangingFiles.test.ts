import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CollectedSamples as Collected, ManualClock } from '@benchlab-otel/core/testing';
import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { expect, onTestFinished, test, vi } from 'vitest';
import { benchlabReceiver } from '../benchlab/receiver.ts';
import { hostFiles } from './files.ts';
import { HostAnswers } from './hostAnswers.ts';
import { hostDevices } from './hostDevices.ts';
import { HostReader } from './hostReader.ts';
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

/** A board next to the host. The returned function waits for its next samples: a thread that hangs would give none. */
async function boardNext() {
  const board = await emulateBoard({ bench: constantBench() });
  onTestFinished(() => board.close());
  const consumer = new Collected();
  const receiver = benchlabReceiver({ ports: [board.path], rateHz: 20 });
  await receiver.start(consumer);
  onTestFinished(() => receiver.stop());
  return async (count: number) => {
    const wanted = consumer.samples.length + count;
    await vi.waitUntil(() => consumer.samples.length >= wanted, { timeout: 20_000 });
  };
}

/** Opens the FIFO and gives its reader what it waits for. False while no thread reads it. */
function answer(path: string, text: string): boolean {
  try {
    const file = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(file, text);
    closeSync(file);
    return true;
  } catch (error) {
    // ENXIO: no reader. EPIPE: the reader closed it first.
    if (error instanceof Error && 'code' in error && /^(ENXIO|EPIPE)$/.test(String(error.code))) return false;
    throw error;
  }
}

test('a file that never answers stops neither the board nor the other files; it is given up, reported and left out', {
  timeout: 60_000,
}, async () => {
  const root = hostTree(files);
  const stuck = fifo(root, `${chip}/power1_average`);
  const consumer = new Collected();
  const receiver = hostReceiver({ root, rateHz: 10, sources: ['hwmon', 'uptime'] });
  const boardSamples = await boardNext();
  await receiver.start(consumer);
  await boardSamples(20);
  await vi.waitUntil(() => consumer.samples.some(({ source }) => source.id === 'hwmon/virtual/fine'), {
    timeout: 20_000,
  });
  await vi.waitUntil(() => consumer.reports.at(-1)?.outcome === 'partial', { timeout: 20_000 });
  // The thread that was given up hangs in the call still.
  await boardSamples(20);
  const given = consumer.reports.find(({ outcome }) => outcome === 'failure');
  expect(given?.error).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('hwmon0/power1_average') });
  expect(consumer.reports.at(-1)?.error).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining(chip) });
  expect(consumer.samples.map(({ source }) => source.id)).toContain('host');
  await receiver.stop();
  // The thread that hangs in the call gets its writer, and ends.
  openSync(stuck, 'r+');
});

test('a chip that answers slowly costs the board no sample: it is read while the file has not answered', {
  timeout: 60_000,
}, async () => {
  const root = hostTree({ ...files, [`${chip}/temp1_input`]: '30000\n' });
  const slow = fifo(root, `${chip}/fan1_input`);
  // On this clock no time passes: the file is not given up, however busy the host of this test is.
  const [clock, consumer] = [new ManualClock(), new Collected()];
  const receiver = hostReceiver({ root, clock, sources: ['hwmon', 'uptime'] });
  const ofChip = () => consumer.samples.filter(({ source }) => source.id === 'hwmon/virtual/stuck');
  const boardSamples = await boardNext();
  await receiver.start(consumer);
  await clock.advanceMs(10);
  await boardSamples(20);
  expect(ofChip()).toEqual([]);
  await vi.waitUntil(() => answer(slow, '900\n') || ofChip().length > 0, { timeout: 20_000 });
  await vi.waitUntil(() => ofChip().length > 0, { timeout: 20_000 });
  expect(ofChip()[0]?.readings.map(({ value }) => value)).toContain(30);
  await receiver.stop();
});

test('a chip that takes 300 ms is read once in three seconds, and the other files at each poll', () => {
  const root = hostTree({ ...files, [`${chip}/temp1_input`]: '30000\n' });
  const real = hostFiles(root);
  const state = { nowNs: 0, reads: 0 };
  const slowFiles = {
    ...real,
    read(path: string) {
      if (path === `${chip}/temp1_input`) [state.nowNs, state.reads] = [state.nowNs + 300e6, state.reads + 1];
      return real.read(path);
    },
  };
  const reader = new HostReader(hostDevices(['hwmon', 'uptime'], false), slowFiles, () => state.nowNs);
  reader.read();
  const before = state.reads;
  let hosts = 0;
  for (const startNs = state.nowNs; state.nowNs < startNs + 30e9; state.nowNs += 100e6) {
    hosts += reader.read().samples.filter(({ source }) => source.id === 'host').length;
  }
  expect(state.reads - before).toBeLessThanOrEqual(10);
  expect(state.reads - before).toBeGreaterThanOrEqual(8);
  expect(hosts).toBeGreaterThan(250);
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

test('a file that hung is tried again after a minute, then after longer, and is read when it answers', async () => {
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
