import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { machineTree, UnpackedTree } from '../testing/hostTree.suite.ts';
import { EnergyCounter } from './energyCounter.ts';
import { Rapl } from './rapl.ts';

const second = 1e9;
const zones = '/sys/devices/virtual/powercap/intel-rapl';
const folder = mkdtempSync(join(tmpdir(), 'benchlab-rapl-'));
afterAll(() => rmSync(folder, { recursive: true }));

function setUp(machine: 'desktop' | 'server') {
  const tree = new UnpackedTree(mkdtempSync(join(folder, machine)), machineTree(machine).first);
  const [rapl, files] = [new Rapl(), tree.files()];
  rapl.enumerate(files);
  return { rapl, files, tree, set: (zone: string, uj: number) => tree.write(`${zones}/${zone}/energy_uj`, `${uj}\n`) };
}

test('the total of the processors is the sum of the packages: no memory, no part of a package', () => {
  const { rapl, files, set } = setUp('server');
  expect(rapl.read(files, 0)).not.toHaveProperty('cpuWatts');
  set('intel-rapl:0', 100000000000 + 90e6);
  set('intel-rapl:0/intel-rapl:0:0', 5000000000 + 30e6);
  set('intel-rapl:1', 262143300000 + 20e3);
  const { cpuWatts, readings } = rapl.read(files, second);
  expect(cpuWatts).toBeCloseTo(90.02, 9);
  const byName = readings.map(({ sensor, value }) => [sensor.metric.name, sensor.attributes['hw.id'], value]);
  expect(byName).toContainEqual(['hw.energy', 'rapl/intel-rapl:0:0', 30]);
  expect(byName).toContainEqual(['hw.power', 'rapl/intel-rapl:0', 90]);
  // The same counter read over another bus is left out.
  expect(byName.filter(([, id]) => `${id}`.includes('mmio'))).toEqual([]);
});

test('without one of the packages there is no total', () => {
  const { rapl, files, tree } = setUp('server');
  rapl.read(files, 0);
  tree.fail(`${zones}/intel-rapl:1/energy_uj`, 'broken');
  const { cpuWatts, readings } = rapl.read(files, second);
  expect(cpuWatts).toBeUndefined();
  expect(readings.length).toBeGreaterThan(0);
});

test('a counter that only root may read is absent, is reported once with the fix, and is present once it may be read', () => {
  const { rapl, files, tree, set } = setUp('desktop');
  expect(rapl.read(files, 0)).toMatchObject({ readings: [], problem: { code: 'NO_PERMISSION' } });
  expect(rapl.read(files, second)).toEqual({ readings: [] });
  for (const zone of ['intel-rapl:0', 'intel-rapl:0/intel-rapl:0:0']) {
    tree.fail(`${zones}/${zone}/energy_uj`, undefined);
    set(zone, 1e6);
  }
  rapl.read(files, 2 * second);
  set('intel-rapl:0', 66e6);
  expect(rapl.read(files, 3 * second)).toMatchObject({ cpuWatts: 65 });
});

test('a garbled counter is reported every time and counts nothing; its energy comes with the next reading', () => {
  const { rapl, files, tree, set } = setUp('server');
  rapl.read(files, 0);
  tree.write(`${zones}/intel-rapl:0/energy_uj`, '-12x');
  for (const at of [1, 2]) expect(rapl.read(files, at * second).problem).toMatchObject({ code: 'BAD_REPLY' });
  set('intel-rapl:0', 100000000000 + 300e6);
  const watts = rapl.read(files, 3 * second).readings.find(({ sensor }) => sensor.metric.name === 'hw.power')?.value;
  expect(watts).toBeCloseTo(100, 9);
});

test('a counter that wraps continues', () => {
  const counter = new EnergyCounter(1000e6, 1e6);
  expect(counter.add(990e6, 0)).toBeUndefined();
  expect(counter.add(40e6, second / 10)).toBeCloseTo(500, 9);
  expect(counter.joules).toBeCloseTo(50, 9);
});

test('a counter that starts again adds nothing: neither negative nor huge energy', () => {
  const counter = new EnergyCounter(262143e6, 1e6);
  counter.add(200000e6, 0);
  counter.add(200010e6, second / 10);
  expect(counter.add(0, 0.2 * second)).toBeUndefined();
  expect(counter.joules).toBe(10);
  expect(counter.add(5e6, 0.3 * second)).toBeCloseTo(50, 9);
});

test('a silence in which it may have wrapped unseen adds nothing', () => {
  const counter = new EnergyCounter(65532e6, 1e6);
  counter.add(0, 0);
  expect(counter.add(1000e6, 40 * second)).toBeUndefined();
  expect(counter.joules).toBe(0);
});

test('a count beyond the range of its counter, and time that stands still, give nothing', () => {
  const counter = new EnergyCounter(100e6, 1e6);
  counter.add(900e6, 0);
  expect(counter.add(1, second / 100)).toBeUndefined();
  expect(counter.add(2, second / 100)).toBeUndefined();
  expect(counter.joules).toBe(0);
});
