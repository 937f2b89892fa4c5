import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '@benchlab-otel/core';
import { afterAll, expect, test } from 'vitest';
import { UnpackedTree } from '../testing/hostTree.suite.ts';
import { Hwmon } from './hwmon.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-hwmon-'));
afterAll(() => rmSync(folder, { recursive: true }));
const chip = '/sys/class/hwmon/hwmon0';

function chipOf(files: Readonly<Record<string, string>>) {
  const entries = Object.entries({ name: 'chip\n', ...files });
  const texts = entries.map(([name, text]) => [`${chip}/${name}`, { text }] as const);
  const tree = new UnpackedTree(mkdtempSync(join(folder, 'chip-')), new Map(texts));
  const hwmon = new Hwmon();
  hwmon.enumerate(tree.files());
  const read = (seconds = 0) => {
    const readings: Reading[] = [];
    const problems = hwmon.chips[0]?.read(tree.files(), readings, seconds * 1e9) ?? [];
    const [problem] = problems;
    const of = (name: string) => readings.filter(({ sensor }) => sensor.metric.name === name).map(({ value }) => value);
    return { readings, problem, problems, of };
  };
  return { tree, hwmon, read };
}

const measured = ({ readings }: { readings: readonly Reading[] }) =>
  readings.filter(({ sensor }) => sensor.metric.name !== 'benchlab.readings.rejected');

test.each([
  ['3.9 million degrees', { temp1_input: '3892313987' }],
  ['65,536 rpm and more', { fan1_input: '4294967295' }],
  ['4 GW', { power1_input: '4294967295000000' }],
  ['-2 million volts', { in0_input: '-2147483648' }],
  ['9 PA', { curr1_input: '9007199254740991' }],
  ['300 of 255', { pwm1: '300' }],
  ['101 % humidity', { humidity1_input: '101000' }],
])('a chip that reports %s has no such reading, and it is counted each time and reported once', (_, files) => {
  const { read } = chipOf(files);
  const [first, second] = [read(0), read(1)];
  expect(measured(second)).toEqual([]);
  expect(second.of('benchlab.readings.rejected')).toEqual([2]);
  expect(first.problem).toMatch(/hwmon0\/\w+ has a value that cannot be/);
  expect(second.problem).toBeUndefined();
});

test.each([
  ['0 K of an NVMe drive', { temp1_input: '-273150' }],
  ['an open input of eight bits', { temp1_input: '-128000' }],
  ['a tachometer without pulses', { fan1_input: '65535' }],
  ['255 % humidity', { humidity1_input: '255000' }],
  ['65,535 W, 16 bits of ones,', { power1_input: '65535000000' }],
  ['32 bits of ones in a power', { power1_input: '4294967295' }],
])('%s means that there is no value: it is absent, and nothing is wrong', (_, files) => {
  const { read } = chipOf({ ...files, in0_input: '3300' });
  const { readings, problem, of } = read();
  expect(measured({ readings })).toHaveLength(1);
  expect([of('benchlab.readings.rejected'), problem]).toEqual([[0], undefined]);
});

test('the power of a rack is a reading: 140 kW', () => {
  expect(chipOf({ power1_input: '140000000000' }).read().of('hw.power')).toEqual([140_000]);
});

test('limits have the bounds of their channel: 65,261 °C and -273.15 °C are not limits', () => {
  const { read } = chipOf({ temp1_input: '38850', temp1_max: '65261850', temp1_min: '-273150', temp1_crit: '84850' });
  expect(read().of('hw.temperature.limit')).toEqual([84.85]);
});

test('each value and each limit that cannot be is reported by its file, once', () => {
  const { read } = chipOf({ temp1_input: '40000', temp1_max: '999999000', temp2_input: '888888000', in0_input: '9e9' });
  const cannotBe = (name: string) => expect.stringContaining(`${name} has a value that cannot be`);
  const garbled = expect.stringContaining('in0_input is cut short or garbled');
  expect(new Set(read(0).problems)).toEqual(new Set([cannotBe('temp1_max'), cannotBe('temp2_input'), garbled]));
  expect(read(30).problems).toEqual([garbled]);
});

test('limits that are set after the start are shown within 30 s', () => {
  const { read, tree } = chipOf({ temp1_input: '42000', temp1_max: '0' });
  expect(read(0).of('hw.temperature.limit')).toEqual([0]);
  tree.write(`${chip}/temp1_max`, '80000\n');
  expect(read(29).of('hw.temperature.limit')).toEqual([0]);
  expect(read(30).of('hw.temperature.limit')).toEqual([80]);
});

test('a chip that counts energy has joules that only rise, and a step that cannot be is left out', () => {
  const { read, tree } = chipOf({ energy1_input: '5000000' });
  const at = (seconds: number, microjoules: number) => {
    tree.write(`${chip}/energy1_input`, `${microjoules}\n`);
    return read(seconds).of('hw.energy');
  };
  expect(at(0, 5e6)).toEqual([5]);
  expect(at(1, 105e6)).toEqual([105]);
  expect(at(2, 4e15)).toEqual([]);
  expect(at(3, 4e15 + 100e6)).toEqual([205]);
  expect(at(4, 1e6)).toEqual([]);
  expect(at(5, 2e6)).toEqual([206]);
});

test('of more channels than the bound, the package and the sockets come first, then the cores in natural order', () => {
  const files = Object.fromEntries(
    Array.from({ length: 145 }, (_, n) => n + 1).flatMap((n) => [
      [`temp${n}_input`, `${30 + (n % 30)}000`],
      [`temp${n}_label`, n === 145 ? 'Package id 0' : `Core ${n}`],
    ]),
  );
  const { read } = chipOf(files);
  const { readings, problem, of } = read();
  const places = measured({ readings })
    .filter(({ sensor }) => sensor.metric.name === 'hw.temperature')
    .map(({ sensor }) => sensor.attributes['hw.sensor_location']);
  expect(places).toHaveLength(64);
  expect(places.slice(0, 3)).toEqual(['Package id 0', 'Core 1', 'Core 2']);
  expect(places.at(-1)).toBe('Core 63');
  expect(problem).toContain('81 channels beyond the bound of 64 are left out');
  expect(of('benchlab.readings.rejected')).toEqual([0, 81]);
});

test('chips beyond the bound are counted once', () => {
  const texts = Array.from({ length: 50 }, (_, n) => n).flatMap((n): [string, { text: string }][] => [
    [`/sys/class/hwmon/hwmon${n}/name`, { text: `chip${n}\n` }],
    [`/sys/class/hwmon/hwmon${n}/in0_input`, { text: '3300\n' }],
  ]);
  const tree = new UnpackedTree(mkdtempSync(join(folder, 'chips-')), new Map(texts));
  const hwmon = new Hwmon();
  const counted = [1, 2].map(() => {
    hwmon.enumerate(tree.files());
    const readings: Reading[] = [];
    hwmon.appendLeftOut(readings);
    return readings.map(({ sensor, value }) => [sensor.attributes['hw.id'], sensor.attributes['error.type'], value]);
  });
  expect(hwmon.chips).toHaveLength(48);
  expect(counted).toEqual([[['host/chips', 'no_room', 2]], [['host/chips', 'no_room', 2]]]);
});
