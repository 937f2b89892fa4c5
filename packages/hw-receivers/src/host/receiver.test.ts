import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attribute, metric, SampleHistory, SampleMetrics } from '@benchlab-otel/core';
import { CollectedSamples as Collected, ManualClock } from '@benchlab-otel/core/testing';
import { diag } from '@opentelemetry/api';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hostThread } from '../testing/hostThread.suite.ts';
import { machineTree, UnpackedTree } from '../testing/hostTree.suite.ts';
import { hostFiles } from './files.ts';
import { type HostReceiverOptions, hostReceiver } from './receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-host-'));
afterAll(() => rmSync(folder, { recursive: true }));

const warnings: string[] = [];
beforeEach(() => {
  warnings.length = 0;
  const ignore = () => undefined;
  diag.setLogger({ error: ignore, warn: (text) => warnings.push(text), info: ignore, debug: ignore, verbose: ignore });
});
afterEach(() => diag.disable());

const nct = '/sys/devices/platform/nct6775.656/hwmon/hwmon3';
const superIo = 'hwmon/platform/nct6775.656/nct6798';

function setUp(machine: 'vm' | 'desktop' | 'server', options: HostReceiverOptions = {}) {
  const tree = new UnpackedTree(mkdtempSync(join(folder, machine)), machineTree(machine).first);
  const [clock, consumer] = [new ManualClock(), new Collected()];
  const receiver = hostReceiver(
    { clock, ...options },
    hostThread(tree.files(), () => clock.nowNs()),
  );
  const latest = (source: string) => consumer.samples.findLast((sample) => sample.source.id === source);
  const value = (source: string, name: string, channel: string) =>
    latest(source)?.readings.find(
      ({ sensor }) => sensor.metric.name === name && sensor.attributes['hw.id'] === `${source}/${channel}`,
    )?.value;
  return { tree, clock, consumer, receiver, latest, value };
}

test.each([
  [{ rateHz: 0 }, 'rateHz'],
  [{ rateHz: 11 }, 'rateHz'],
  [{ rateHz: Number.NaN }, 'rateHz'],
  [{ powerRateHz: 51 }, 'powerRateHz'],
  [{ sources: [] }, 'sources'],
  [{ sources: ['disc' as 'disk'] }, '"disc"'],
  [{ root: '' }, 'root'],
])('%o is refused with the name of the option when the receiver is made', (options, name) => {
  expect(() => hostReceiver(options)).toThrow(name);
});

test('only what is asked for is read', async () => {
  const { clock, receiver, consumer } = setUp('desktop', { sources: ['load', 'uptime'] });
  await receiver.start(consumer);
  await clock.advanceMs(10);
  await receiver.stop();
  expect(new Set(consumer.samples.map(({ source }) => source.id))).toEqual(new Set(['host']));
  expect(consumer.samples[0]?.readings).toHaveLength(4);
});

test('slow sources are read at their rate and the energy of the processors at its own', async () => {
  const { clock, receiver, consumer } = setUp('server');
  await receiver.start(consumer);
  await clock.advanceMs(2950);
  await receiver.stop();
  const polls = (id: string) => consumer.samples.filter(({ source }) => source.id === id).length;
  expect(polls('host')).toBe(3);
  expect(polls('hwmon/platform/coretemp.0/coretemp')).toBe(3);
  expect(polls('rapl')).toBe(30);
});

test('without energy counters there is one poll a second, and those that come later are polled as often as asked', async () => {
  const zone = '/sys/class/powercap/intel-rapl:0';
  const { clock, receiver, consumer, tree } = setUp('vm', { sources: ['rapl', 'uptime'] });
  await receiver.start(consumer);
  await clock.advanceMs(1000);
  expect(clock.pending).toBe(1);
  const files = { name: 'package-0\n', max_energy_range_uj: '262143328850\n', energy_uj: '0\n' };
  tree.apply(new Map(Object.entries(files).map(([name, text]) => [`${zone}/${name}`, { text }])));
  for (let k = 0; k < 800; k++) {
    tree.write(`${zone}/energy_uj`, `${k * 2e6}\n`);
    await clock.advanceMs(50);
  }
  expect(clock.pending).toBe(2);
  expect(consumer.samples.filter(({ source }) => source.id === 'rapl').length).toBeGreaterThan(100);
  await receiver.stop();
  expect(clock.pending).toBe(0);
});

test('the power of the processors is the mean between two reads, and its time is the middle, plus or minus half', async () => {
  const { clock, receiver, consumer, tree } = setUp('server', { sources: ['rapl'] });
  const history = new SampleHistory();
  tree.write('/sys/devices/virtual/powercap/intel-rapl/intel-rapl:1/energy_uj', '1000000\n');
  await receiver.start({
    sample: (sample) => {
      consumer.sample(sample);
      history.sample(sample);
    },
    lost: () => undefined,
  });
  const startNs = clock.nowNs();
  for (let poll = 1; poll <= 5; poll++) {
    await clock.advanceMs(50);
    tree.write('/sys/devices/virtual/powercap/intel-rapl/intel-rapl:0/energy_uj', `${100000000000 + poll * 7e6}\n`);
    tree.write('/sys/devices/virtual/powercap/intel-rapl/intel-rapl:1/energy_uj', `${(1 + poll) * 1e6}\n`);
    await clock.advanceMs(50);
  }
  await receiver.stop();
  const [first, second] = consumer.samples;
  expect(first).not.toHaveProperty('totals');
  expect(second).toMatchObject({ timeNs: startNs + 50e6, uncertaintyNs: 50e6, totals: { cpu: 80 } });
  expect(second?.source).toMatchObject({
    id: 'rapl',
    boundary: 'cpu_package',
    aperture: { kind: 'mean', seconds: 'since the sample before' },
  });
  expect(history.window('rapl', startNs + 50e6, startNs + 450e6)?.watts.cpu).toEqual(new Float64Array(5).fill(80));
});

test('a chip keeps its sensors while it stays, is lost when it goes, and is found when it comes back elsewhere', async () => {
  const { clock, receiver, consumer, tree, latest } = setUp('desktop', { sources: ['hwmon'] });
  await receiver.start(consumer);
  await clock.advanceMs(10);
  const before = latest(superIo);
  await clock.advanceMs(60_000);
  expect(latest(superIo)?.source).toBe(before?.source);
  expect(latest(superIo)?.readings[0]?.sensor).toBe(before?.readings[0]?.sensor);
  tree.remove('/sys/class/hwmon/hwmon3');
  tree.remove(nct);
  await clock.advanceMs(3000);
  expect(consumer.losses).toMatchObject([{ source: { id: superIo }, error: { code: 'DEVICE_LOST' } }]);
  const moved = machineTree('desktop').first;
  const again = [...moved].filter(([path]) => path.includes('hwmon3'));
  tree.apply(new Map(again.map(([path, entry]) => [path.replaceAll('hwmon3', 'hwmon9'), renumbered(entry)])));
  const samples = consumer.samples.length;
  await clock.advanceMs(31_000);
  const back = consumer.samples.slice(samples).find(({ source }) => source.id === superIo);
  expect(back?.readings.length).toBe(before?.readings.length);
  expect(consumer.losses).toHaveLength(1);
  await receiver.stop();
});

function renumbered<Entry extends object>(entry: Entry): Entry {
  return 'link' in entry ? { ...entry, link: `${entry.link}`.replace('hwmon3', 'hwmon9') } : entry;
}

test('a sensor that is open has no reading and has failed; an alarm degrades, and clears when it is over', async () => {
  const { clock, receiver, consumer, tree, value, latest } = setUp('desktop', { sources: ['hwmon'] });
  const state = (channel: string) =>
    latest(superIo)?.readings.find(
      ({ sensor, value: is }) =>
        sensor.metric === metric.hwStatus && sensor.attributes['hw.id'] === `${superIo}/${channel}` && is === 1,
    )?.sensor.attributes['hw.state'];
  await receiver.start(consumer);
  await clock.advanceMs(10);
  expect([state('temp2'), value(superIo, 'hw.temperature', 'temp2')]).toEqual(['failed', undefined]);
  expect([state('fan2'), value(superIo, 'hw.fan.speed', 'fan2')]).toEqual(['degraded', 0]);
  expect(value(superIo, 'hw.temperature', 'temp7')).toBeUndefined();
  tree.write(`${nct}/fan2_alarm`, '0\n');
  tree.write(`${nct}/temp2_fault`, '0\n');
  await clock.advanceMs(1000);
  expect([state('temp2'), value(superIo, 'hw.temperature', 'temp2')]).toEqual(['ok', -61]);
  expect(state('fan2')).toBe('ok');
  await receiver.stop();
});

test('a garbled file makes a poll partial and is reported once; the others are read, and the poll succeeds when the file is well', async () => {
  const { clock, receiver, consumer, tree } = setUp('vm', { sources: ['memory', 'load'] });
  tree.write('/proc/meminfo', 'MemTotal: 24684084 kB\nMemFr');
  await receiver.start(consumer);
  await clock.advanceMs(2010);
  tree.apply(
    machineTree('vm').first.has('/proc/meminfo')
      ? new Map([...machineTree('vm').first].filter(([path]) => path === '/proc/meminfo'))
      : new Map(),
  );
  await clock.advanceMs(1000);
  await receiver.stop();
  expect(consumer.reports.map(({ outcome }) => outcome)).toEqual(['partial', 'partial', 'partial', 'success']);
  expect(consumer.reports[0]?.error?.message).toContain('/proc/meminfo is cut short or garbled');
  expect(warnings).toEqual([expect.stringContaining('/proc/meminfo')]);
  expect(consumer.samples[0]?.readings).toHaveLength(4);
});

test('a file that only root may read is reported once in words, and does not make polls fail', async () => {
  const { clock, receiver, consumer } = setUp('desktop', { sources: ['rapl', 'load'] });
  await receiver.start(consumer);
  await clock.advanceMs(3000);
  await receiver.stop();
  expect(warnings).toEqual([expect.stringMatching(/energy_uj is readable by root only.*udev/)]);
  expect(consumer.reports.filter(({ outcome }) => outcome !== 'success')).toHaveLength(1);
  expect(consumer.samples.every(({ source }) => source.id === 'host')).toBe(true);
});

test('a consumer that throws does not stop the receiver', async () => {
  const { clock, receiver } = setUp('vm');
  let calls = 0;
  await receiver.start({
    sample() {
      calls++;
      throw new Error('not my problem');
    },
    lost: () => undefined,
  });
  await clock.advanceMs(2010);
  await receiver.stop();
  expect(calls).toBe(3);
});

test('a disk with a slash in its name is found, although sysfs writes an exclamation mark there', async () => {
  const { clock, receiver, consumer, tree } = setUp('vm', { sources: ['disk'] });
  tree.write('/proc/diskstats', `104 0 cciss/c0d0 ${'7 '.repeat(11)}\n104 1 cciss/c0d0p1 ${'7 '.repeat(11)}\n`);
  tree.apply(new Map([['/sys/block/cciss!c0d0', { text: '' }]]));
  await receiver.start(consumer);
  await clock.advanceMs(10);
  await receiver.stop();
  const devices = consumer
    .readings('system.disk.io')
    .map(({ sensor }) => sensor.attributes[attribute.systemDeviceName]);
  expect(devices).toEqual(['cciss/c0d0', 'cciss/c0d0']);
});

test('a large host stays within the bounds of sample metrics', async () => {
  const { clock, receiver, consumer, tree } = setUp('server');
  const names = Array.from({ length: 100 }, (_, index) => index);
  tree.write('/proc/net/dev', `h\nh\n${names.map((n) => `eth${n}: ${'1 '.repeat(16)}\n`).join('')}`);
  tree.write('/proc/diskstats', names.map((n) => `8 0 sd${n} ${'1 '.repeat(11)}\n`).join(''));
  for (const n of names) tree.apply(new Map([[`/sys/block/sd${n}`, { text: '' }]]));
  const metrics = new SampleMetrics({ clock });
  await receiver.start({
    sample: (sample) => metrics.sample(sample),
    lost: () => undefined,
    polled: (report) => consumer.polled(report),
  });
  await clock.advanceMs(10);
  await receiver.stop();
  const dropped = metrics.collect(0).find(({ definition }) => definition === metric.benchlabSampleDropped);
  expect(dropped?.points[0]?.value).toBe(0);
  expect(consumer.reports[0]).toMatchObject({ outcome: 'partial' });
});

test.runIf(existsSync('/proc/self/fd'))('descriptors stay open between polls and are closed by stop', async () => {
  const root = new UnpackedTree(mkdtempSync(join(folder, 'descriptors')), machineTree('desktop').first).root;
  const open = () =>
    hostFiles()
      .list('/proc/self/fd')
      .filter((fd) => hostFiles().resolve(`/proc/self/fd/${fd}`)?.startsWith(root)).length;
  const consumer = new Collected();
  const receiver = hostReceiver({ root, rateHz: 10, sources: ['hwmon', 'load'] });
  await receiver.start(consumer);
  const polls = (count: number) => vi.waitUntil(() => consumer.reports.length >= count, { timeout: 5000 });
  await polls(3);
  const held = open();
  await polls(8);
  expect(held).toBeGreaterThan(20);
  expect(open()).toBe(held);
  await receiver.stop();
  expect(open()).toBe(0);
});

test('this machine is read without a problem, on any hardware', async () => {
  const consumer = new Collected();
  const receiver = hostReceiver();
  await receiver.start(consumer);
  await vi.waitUntil(() => consumer.samples.length > 0, { timeout: 20_000 });
  await receiver.stop();
  const names = consumer.samples[0]?.readings.map(({ sensor }) => sensor.metric.name);
  expect(names).toEqual(expect.arrayContaining(['system.cpu.time', 'system.memory.usage', 'system.uptime']));
});
