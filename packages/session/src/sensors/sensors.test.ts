import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSensors } from './readSensors.ts';
import { sensorLabel } from './sensorLabel.ts';
import { valuesAt } from './sensorSeries.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-sensors-'));
  mkdirSync(join(folder, 'raw'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = async (name: string, text: string | Buffer) => {
  writeFileSync(join(folder, 'raw', name), text);
  return readSensors(join(folder, 'raw'));
};

test('each number of a line is a sensor: keys, rails of a list, and readings', async () => {
  const line = (timeNs: number) =>
    `${JSON.stringify({
      ts_ns: timeNs,
      source: 'benchlab.usb',
      kv: { p_sys: 240, name: 'x', power: [{ rail: 'EPS1', power: 60 }], readings: { 'hw.fan.speed/fan1': 900 } },
      cal: { rtt_ns: 5 },
    })}\n`;
  const { series } = await read('benchlab.jsonl.gz', gzipSync(line(20) + line(10) + line(10)));

  expect(series.map(({ source, key, timesNs, values }) => [source, key, timesNs, values])).toEqual([
    ['benchlab.usb', 'p_sys', [10, 20], [240, 240]],
    ['benchlab.usb', 'power.EPS1.power', [10, 20], [60, 60]],
    ['benchlab.usb', 'readings.hw.fan.speed/fan1', [10, 20], [900, 900]],
  ]);
});

test('stages and wrong lines have no sensors, and the lines around them are read', async () => {
  const good = '{"ts_ns":1,"source":"a","kv":{"temp_c":40}}';
  const wrong = ['x', '[]', 'null', '{"ts_ns":-1,"source":"a","kv":{"x":1}}', '{"ts_ns":1,"kv":{"x":1}}', '\0'];
  const deep = `{"ts_ns":1,"source":"a","kv":{"a":{"b":{"c":{"d":1}}},"huge":1e400,"list":[1,[2,[3,[4]]]]}}`;
  const stage = '{"ts_ns":1,"source":"pipeline","kv":{"stage":"in","frame_id":7}}';
  const { series, dropped } = await read('a.jsonl', [...wrong, good, stage, deep].join('\n'));

  expect(series.map(({ key }) => key)).toEqual(['list.0', 'list.1.0', 'temp_c']);
  expect(dropped).toBe(0);
});

test('sensors beyond the bound are counted', async () => {
  const kv = Object.fromEntries(Array.from({ length: 1_200 }, (_, k) => [`k${k}`, k]));
  const { series, dropped } = await read('a.jsonl', JSON.stringify({ ts_ns: 1, source: 'a', kv }));

  expect([series.length, dropped]).toEqual([1_000, 200]);
});

test('between its samples a sensor has a value, and not outside and across a gap', () => {
  const timesNs = [0, 100, 200, 300, 1_000, 1_100].map((ms) => ms * 1e6);
  const series = { source: 'a', key: 'b', timesNs, values: [0, 10, 20, 30, 100, 110], simulated: false };

  expect(valuesAt(series, [-1e6, 0, 50e6, 300e6, 600e6, 1_050e6, 1_200e6])).toEqual([
    Number.NaN,
    0,
    5,
    30,
    Number.NaN,
    105,
    Number.NaN,
  ]);
});

test.each([
  ['benchlab.usb', 'p_sys', 'Power', 'benchlab.usb p_sys'],
  ['benchlab.usb', 'v_sys', 'Voltage', 'benchlab.usb v_sys'],
  ['benchlab.usb', 'i_sys', 'Current', 'benchlab.usb i_sys'],
  ['benchlab.usb', 'readings.hw.fan.speed/fan1', 'Fan', 'benchlab.usb readings.hw.fan.speed/fan1'],
  ['benchlab.usb', 'power.EPS1.voltage', 'Voltage', 'benchlab.usb power.EPS1.voltage'],
  ['gpu.nvml', 'temp_c', 'Temperature', 'GPU Core (gpu.nvml temp_c)'],
  ['gpu.nvml', 'mem_util', 'Load', 'gpu.nvml mem_util'],
  ['cpu.psutil', 'cpu_util', 'Load', 'CPU Total (cpu.psutil cpu_util)'],
  ['a', 'b', 'Factor', 'a b'],
])('CapFrameX shows %s %s as %s', (source, key, type, name) => {
  expect(sensorLabel({ source, key })).toMatchObject({ type, name });
});
