import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hostFiles } from './files.ts';
import { hostDevices, hostSourceNames } from './hostDevices.ts';
import { HostReader } from './hostReader.ts';

// A small host, with a file of each kind that is read.
const chip = '/sys/class/hwmon/hwmon0';
const zone = '/sys/class/powercap/intel-rapl:0';
const tree: Readonly<Record<string, string>> = {
  '/proc/stat': 'cpu  100 0 50 1000 5 0 1 0 0 0\ncpu0 100 0 50 1000 5 0 1 0 0 0\nintr 1\nctxt 1\nbtime 1700000000\n',
  '/proc/meminfo':
    'MemTotal: 1000 kB\nMemFree: 400 kB\nMemAvailable: 600 kB\nBuffers: 10 kB\nCached: 90 kB\nSReclaimable: 9 kB\nSUnreclaim: 9 kB\n',
  '/proc/loadavg': '0.50 0.40 0.30 1/100 999\n',
  '/proc/uptime': '100.00 90.00\n',
  '/proc/diskstats': '   8       0 sda 1 2 3 4 5 6 7 8 9 10 11\n',
  '/proc/net/dev': `Inter-|\n face |\n  eth0: ${'7 '.repeat(16)}\n`,
  '/proc/1/net/dev': `Inter-|\n face |\n  eth0: ${'7 '.repeat(16)}\n`,
  '/proc/self/cgroup': '0::/\n',
  '/sys/block/sda/size': '1000\n',
  [`${chip}/name`]: 'nct\n',
  [`${chip}/temp1_input`]: '40000\n',
  [`${chip}/temp1_label`]: 'CPU\n',
  [`${chip}/temp1_max`]: '90000\n',
  [`${chip}/temp1_alarm`]: '0\n',
  [`${chip}/fan1_input`]: '900\n',
  [`${chip}/fan1_fault`]: '0\n',
  [`${zone}/name`]: 'package-0\n',
  [`${zone}/max_energy_range_uj`]: '262143328850\n',
  [`${zone}/energy_uj`]: '5000000\n',
};

function unpacked(): string {
  const root = mkdtempSync(join(tmpdir(), 'benchlab-odd-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** The real files. The real disk has other programs on it, so its space changes. */
const filesOf = (root: string) => ({
  ...hostFiles(root),
  space: () => ({ total: 500e9, free: 150e9, available: 125e9 }),
});

/** Each reading of two polls of everything, by metric and labels, and what is said to be wrong. */
function poll(root: string, real = filesOf(root)) {
  let nowNs = 1e9;
  const reader = new HostReader(hostDevices(hostSourceNames, true), real, () => nowNs++);
  const values = new Map<string, number>();
  const said: string[] = [];
  for (const _ of [1, 2]) {
    const [host, power] = [reader.read(), reader.readPower()];
    for (const { readings } of [...host.samples, ...power.samples]) {
      for (const { sensor, value } of readings)
        values.set(JSON.stringify([sensor.metric.name, sensor.attributes]), value);
    }
    said.push(...host.problems, ...(power.problem === undefined ? [] : [power.problem.message]));
    nowNs += 1e9;
  }
  reader.close();
  return { values, said };
}

/** What a file is instead of itself. */
const forms: Readonly<Record<string, (real: string) => void>> = {
  absent: () => undefined,
  empty: (real) => writeFileSync(real, ''),
  'a folder': (real) => mkdirSync(real),
  'without an end': (real) => symlinkSync('/dev/zero', real),
  'other bytes at each read': (real) => symlinkSync('/dev/urandom', real),
  'a link to itself': (real) => symlinkSync(real, real),
};
const isCount = (key: string) => key.includes('benchlab.readings.rejected');
/** The name and the label are texts: any of them is right. */
const isText = (path: string) => /(name|label|cgroup)$/.test(path);

test('the small host is read whole, without a word', () => {
  const { values, said } = poll(unpacked());
  expect(said).toEqual([]);
  const names = [...values.keys()].map((key) => JSON.parse(key)[0]);
  for (const name of [
    'system.cpu.time',
    'system.memory.usage',
    'system.uptime',
    'system.disk.io',
    'system.network.io',
  ]) {
    expect(names).toContain(name);
  }
  for (const name of ['hw.temperature', 'hw.fan.speed', 'hw.energy']) expect(names).toContain(name);
});

test.each(Object.keys(forms))(
  'each file of the host in turn is %s: the others are read, and no value is made up',
  (form) => {
    const root = unpacked();
    const healthy = poll(root).values;
    for (const [path, text] of Object.entries(tree)) {
      const real = join(root, path);
      rmSync(real);
      forms[form]?.(real);
      const { values } = poll(root);
      const changed = [...values]
        .filter(([key, value]) => !isCount(key) && healthy.get(key) !== value)
        .map(([key]) => key);
      if (!isText(path)) expect([path, changed]).toEqual([path, []]);
      for (const value of values.values()) expect(Number.isFinite(value)).toBe(true);
      const others = path === '/proc/uptime' ? 'system.memory.usage' : 'system.uptime';
      expect([path, [...values.keys()].some((key) => key.includes(others))]).toEqual([path, true]);
      rmSync(real, { recursive: true, force: true });
      writeFileSync(real, text);
    }
    expect(poll(root).values).toEqual(healthy);
  },
);

test.each(['denied', 'broken'] as const)(
  'each file of the host in turn is %s: it is named, or its values alone are absent',
  (kind) => {
    const root = unpacked();
    const files = filesOf(root);
    const healthy = poll(root).values;
    for (const path of Object.keys(tree)) {
      const { values, said } = poll(root, { ...files, read: (at) => (at === path ? { kind } : files.read(at)) });
      const isNamed = said.some((each) => each.includes(path));
      const changed = [...values]
        .filter(([key, value]) => !isCount(key) && healthy.get(key) !== value)
        .map(([key]) => key);
      if (!isText(path)) expect([path, changed]).toEqual([path, []]);
      if (isNamed) continue;
      expect([path, said]).toEqual([path, []]);
    }
  },
);
