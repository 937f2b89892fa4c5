import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '@benchlab-otel/core';
import { afterAll, describe, expect, test } from 'vitest';
import { machines, machineTree, UnpackedTree } from '../testing/hostTree.ts';
import { CgroupPart, parseCfs, parseCpuMax, parseMembership, parseMemoryLimit } from './cgroup.ts';
import { CpuPart, parseCpu } from './cpu.ts';
import { DiskPart, parseDisks } from './disk.ts';
import type { HostFiles } from './files.ts';
import { LoadPart, parseLoad } from './load.ts';
import { MemoryPart, parseMemory } from './memory.ts';
import { NetworkPart, parseInterfaces } from './network.ts';
import { parseUptime, UptimePart } from './uptime.ts';

/** Marsaglia's xorshift32: the same numbers in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const folder = mkdtempSync(join(tmpdir(), 'benchlab-parsers-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A recorded machine with the text of one file exchanged. */
function machine(name: (typeof machines)[number]) {
  const files = new UnpackedTree(mkdtempSync(join(folder, name)), machineTree(name).first).files();
  const withText = (path: string, text: string): HostFiles => ({
    ...files,
    read: (asked) => (asked === path ? { kind: 'text', text } : files.read(asked)),
  });
  return { files, withText };
}

const parts = [
  ['/proc/stat', () => new CpuPart()],
  ['/proc/loadavg', () => new LoadPart()],
  ['/proc/meminfo', () => new MemoryPart()],
  ['/proc/diskstats', () => new DiskPart()],
  ['/proc/net/dev', () => new NetworkPart()],
  ['/proc/uptime', () => new UptimePart()],
] as const;

describe.each(machines)('on the %s', (name) => {
  const { files, withText } = machine(name);

  test.each(parts)('%s cut off anywhere gives what it holds whole or nothing, and says so', (path, make) => {
    const file = files.read(path);
    const text = file.kind === 'text' ? file.text : '';
    const whole = new Map<string, number>();
    expect(readAll(make(), files)).toMatchObject({ problem: undefined });
    for (const { sensor, value } of readAll(make(), files).readings) whole.set(keyOf(sensor), value);
    for (let length = 0; length < text.length; length += 1 + Math.floor(text.length / 400)) {
      const { readings, problem } = readAll(make(), withText(path, text.slice(0, length)));
      for (const { sensor, value } of readings) expect(value).toBe(whole.get(keyOf(sensor)));
      // Whole lines that are missing at the end of a list are nothing that a reader could know.
      const isListOfLines = length === 0 || text[length - 1] === '\n';
      if (readings.length < whole.size && !isListOfLines) expect(problem).toContain(path);
    }
  });

  test.each(parts)('%s with random bytes in it never throws and never gives what is no number', (path, make) => {
    const file = files.read(path);
    const bytes = Buffer.from(file.kind === 'text' ? file.text : '');
    const next = randomNumbers(20_261);
    for (let run = 0; run < 200; run++) {
      const garbage = Buffer.from(bytes);
      for (let hits = next() % 8; hits >= 0; hits--) garbage[next() % garbage.length] = next() & 0xff;
      const part = make();
      for (const text of [garbage.toString('utf8'), bytes.toString('utf8'), garbage.toString('latin1')]) {
        for (const { value } of readAll(part, withText(path, text)).readings) {
          expect(Number.isFinite(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });

  test.each(parts)('%s that is absent is no fault, and one that cannot be read is', (path, make) => {
    const without = (kind: 'absent' | 'broken'): HostFiles => ({
      ...files,
      read: (asked) => (asked === path ? { kind } : files.read(asked)),
    });
    expect(readAll(make(), without('absent'))).toEqual({ readings: [], problem: undefined });
    expect(readAll(make(), without('broken'))).toEqual({ readings: [], problem: expect.stringContaining(path) });
  });
});

test('what is larger than JavaScript can count is refused, not rounded', () => {
  expect(parseUptime('99999999999999999999.5 1\n')).toBeUndefined();
  expect(parseInterfaces(`a\nb\neth0: 18446744073709551615 ${'0 '.repeat(15)}\n`)).toEqual({
    interfaces: [],
    isGarbled: true,
  });
});

test('empty files and files of something else give nothing', () => {
  for (const text of ['', '\n', 'hello\n', '\0\0\0\n', 'cpu \n', `${'9'.repeat(10_000)}\n`]) {
    expect(parseCpu(text)).toBeUndefined();
    expect(parseLoad(text)).toBeUndefined();
    expect(parseMemory(text)).toBeUndefined();
    expect(parseUptime(text)).toBeUndefined();
    expect(parseDisks(text).disks).toEqual([]);
    expect(parseInterfaces(text).interfaces).toEqual([]);
  }
});

test('an interface that is called with a colon, or whose counter follows without a space, is read', () => {
  const zeros = '0 '.repeat(15).trim();
  const { interfaces, isGarbled } = parseInterfaces(`h\nh\n  eth0:1:7 ${zeros}\n  eth1: 8 ${zeros}\n`);
  expect(isGarbled).toBe(false);
  expect(interfaces.map((each) => [each.name, each.receive.bytes])).toEqual([
    ['eth0:1', 7],
    ['eth1', 8],
  ]);
});

test('more disks than the bound are left out and said, and a disk that has gone is forgotten', () => {
  const line = (name: string) => `8 0 ${name} ${'1 '.repeat(11)}\n`;
  const names = Array.from({ length: 25 }, (_, index) => `sd${index}`);
  const reading = (present: readonly string[]): HostFiles => ({
    ...machine('vm').files,
    list: () => names,
    read: () => ({ kind: 'text', text: present.map(line).join('') }),
  });
  const part = new DiskPart();
  const { readings, problem } = readAll(part, reading(names));
  expect(readings).toHaveLength(20 * 9);
  expect(problem).toContain('5 disks beyond the bound of 20');
  expect(readAll(part, reading(names.slice(0, 1)))).toMatchObject({ problem: undefined });
});

describe('processor times', () => {
  const stat = (idle: number, iowait: number, user = 0) =>
    `cpu ${user} 0 0 ${idle} ${iowait} 0 0 0 0 0\ncpu0 1\nintr 1\n`;
  const reader = () => {
    const part = new CpuPart();
    return (text: string) => {
      const { readings } = readAll(part, { ...machine('vm').files, read: () => ({ kind: 'text', text }) });
      const value = (name: string, mode: string) =>
        readings.find(({ sensor }) => sensor.metric.name === name && sensor.attributes['cpu.mode'] === mode)?.value;
      return {
        time: (mode: string) => value('system.cpu.time', mode),
        share: (mode: string) => value('system.cpu.utilization', mode),
      };
    };
  };

  test('utilization is the share of the time between two polls, and absent at the first', () => {
    const read = reader();
    expect(read(stat(1000, 0)).share('idle')).toBeUndefined();
    expect(read(stat(1075, 0, 25)).share('user')).toBe(0.25);
  });

  test('a counter that steps back by a few ticks stays, and one that starts again starts again', () => {
    const read = reader();
    expect(read(stat(1000, 500)).time('iowait')).toBe(5);
    const after = read(stat(1010, 490));
    expect(after.time('iowait')).toBe(5);
    expect(after.share('iowait')).toBe(0);
    const restarted = read(stat(10, 2));
    expect(restarted.time('idle')).toBe(0.1);
    expect(restarted.share('idle')).toBeUndefined();
  });

  test('two polls in the same tick have no utilization', () => {
    const read = reader();
    read(stat(1000, 500));
    expect(read(stat(1000, 500)).share('idle')).toBeUndefined();
  });
});

describe('limits of control groups', () => {
  test('are read from both versions, and "no limit" is absence', () => {
    expect(parseMemoryLimit('max\n')).toBe('none');
    expect(parseMemoryLimit('9223372036854771712\n')).toBe('none');
    expect(parseMemoryLimit('1073741824\n')).toEqual({ value: 1073741824 });
    expect(parseCpuMax('max 100000\n')).toBe('none');
    expect(parseCpuMax('150000 100000\n')).toEqual({ value: 1.5 });
    expect(parseCfs('-1\n', '100000\n')).toBe('none');
    expect(parseCfs('50000\n', '100000\n')).toEqual({ value: 0.5 });
  });

  test.each(['', 'maximum', '-5', '1e9', '12 x', '100 0', '1 2 3'])('"%s" is no limit that anybody set', (text) => {
    expect(parseCpuMax(text)).toBe('garbled');
    expect(parseMemoryLimit(text)).toBe('garbled');
  });

  test('the path of a controller is found among those that share a hierarchy', () => {
    const text = '4:memory:/a\n3:cpu,cpuacct:/b\n0::/c\n';
    expect(parseMembership(text, 'cpu')).toBe('/b');
    expect(parseMembership(text, '')).toBe('/c');
    expect(parseMembership('0::/c', '')).toBeUndefined();
  });

  test('the tightest limit on the way to the root holds, and a garbled one leaves the reading out', () => {
    const tree = new UnpackedTree(mkdtempSync(join(folder, 'cgroup')), machineTree('desktop').first);
    const part = new CgroupPart();
    const values = () => readAll(part, tree.files()).readings.map(({ value }) => value);
    expect(values()).toEqual([34359738368, 2.5]);
    tree.write('/sys/fs/cgroup/user.slice/user-1000.slice/cpu.max', '100000 100000\n');
    expect(values()).toEqual([34359738368, 1]);
    tree.write('/sys/fs/cgroup/user.slice/user-1000.slice/memory.max', 'oops\n');
    expect(readAll(part, tree.files())).toMatchObject({ problem: expect.stringContaining('/sys/fs/cgroup') });
    expect(values()).toEqual([1]);
  });
});

function readAll(
  part: { read: CpuPart['read'] },
  files: HostFiles,
): { readings: Reading[]; problem: string | undefined } {
  const readings: Reading[] = [];
  const problem = part.read(files, readings);
  return { readings, problem };
}

function keyOf(sensor: Reading['sensor']): string {
  return JSON.stringify([sensor.metric.name, sensor.attributes]);
}
