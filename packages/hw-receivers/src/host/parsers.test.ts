import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '@benchlab-otel/core';
import { afterAll, describe, expect, test } from 'vitest';
import { machines, machineTree, UnpackedTree } from '../testing/hostTree.suite.ts';
import { CgroupPart, parseCfs, parseCpuMax, parseMembership, parseMemoryLimit } from './cgroup.ts';
import { CpuPart } from './cpu.ts';
import { DiskPart } from './disk.ts';
import type { HostFiles } from './files.ts';
import { LoadPart } from './load.ts';
import { MemoryPart } from './memory.ts';
import { NetworkPart } from './network.ts';
import { UptimePart } from './uptime.ts';

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

/** A recorded machine with the text of one file replaced. */
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

  test.each(parts)(
    '%s cut off anywhere gives its whole values or nothing, and reports that it is cut',
    (path, make) => {
      const file = files.read(path);
      const text = file.kind === 'text' ? file.text : '';
      const whole = new Map<string, number>();
      expect(readAll(make(), files)).toMatchObject({ problem: undefined });
      for (const { sensor, value } of readAll(make(), files).readings) whole.set(keyOf(sensor), value);
      for (let length = 0; length < text.length; length += 1 + Math.floor(text.length / 400)) {
        const { readings, problem } = readAll(make(), withText(path, text.slice(0, length)));
        for (const { sensor, value } of readings) expect(value).toBe(whole.get(keyOf(sensor)));
        // A reader cannot know that whole lines are missing at the end of a list.
        const isListOfLines = length === 0 || text[length - 1] === '\n';
        if (readings.length < whole.size && !isListOfLines) expect(problem).toContain(path);
      }
    },
  );

  test.each(parts)('%s with random bytes in it never throws and gives only numbers', (path, make) => {
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

  test.each(parts)('%s that is absent is not a fault, and one that cannot be read is', (path, make) => {
    const without = (kind: 'absent' | 'broken'): HostFiles => ({
      ...files,
      read: (asked) => (asked === path ? { kind } : files.read(asked)),
    });
    expect(readAll(make(), without('absent'))).toEqual({ readings: [], problem: undefined });
    expect(readAll(make(), without('broken'))).toEqual({ readings: [], problem: expect.stringContaining(path) });
  });
});

test('more disks than the bound are left out and reported, and a disk that has gone is forgotten', () => {
  const line = (name: string) => `8 0 ${name} ${'1 '.repeat(11)}\n`;
  const names = Array.from({ length: 25 }, (_, index) => `sd${index}`);
  const reading = (present: readonly string[]): HostFiles => ({
    ...machine('vm').files,
    list: () => names,
    read: () => ({ kind: 'text', text: present.map(line).join('') }),
  });
  const part = new DiskPart();
  const { readings, problem } = readAll(part, reading(names));
  expect(readings).toHaveLength(20 * 9 + 1);
  expect(readings.at(-1)?.sensor.attributes).toEqual({ 'hw.id': 'host/disks', 'error.type': 'no_room' });
  expect(problem).toContain('5 disks beyond the bound of 20');
  // Each disk is counted once, not once a poll.
  expect([readings, readAll(part, reading(names)).readings].map((each) => each.at(-1)?.value)).toEqual([5, 5]);
  expect(readAll(part, reading(names.slice(0, 1)))).toMatchObject({ problem: undefined });
});

describe('limits of control groups', () => {
  test('are read from both versions, and "no limit" is absent', () => {
    expect(parseMemoryLimit('max\n')).toBe('none');
    expect(parseMemoryLimit('9223372036854771712\n')).toBe('none');
    expect(parseMemoryLimit('1073741824\n')).toEqual({ value: 1073741824 });
    expect(parseCpuMax('max 100000\n')).toBe('none');
    expect(parseCpuMax('150000 100000\n')).toEqual({ value: 1.5 });
    expect(parseCfs('-1\n', '100000\n')).toBe('none');
    expect(parseCfs('50000\n', '100000\n')).toEqual({ value: 0.5 });
  });

  test.each(['', 'maximum', '-5', '1e9', '12 x', '100 0', '1 2 3'])('"%s" is not a limit', (text) => {
    expect(parseCpuMax(text)).toBe('garbled');
    expect(parseMemoryLimit(text)).toBe('garbled');
  });

  test('the path of a controller is found among those that share a hierarchy', () => {
    const text = '4:memory:/a\n3:cpu,cpuacct:/b\n0::/c\n';
    expect(parseMembership(text, 'cpu')?.path).toBe('/b');
    expect(parseMembership(text, '')?.path).toBe('/c');
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

/** Reads are a minute apart: time for any of the recorded counters. */
let minutes = 0;

function readAll(
  part: { read: CpuPart['read'] },
  files: HostFiles,
): { readings: Reading[]; problem: string | undefined } {
  const readings: Reading[] = [];
  minutes++;
  const problems = part.read(files, readings, minutes * 60e9);
  return { readings, problem: problems.length === 0 ? undefined : problems.join('; ') };
}

function keyOf(sensor: Reading['sensor']): string {
  return JSON.stringify([sensor.metric.name, sensor.attributes]);
}
