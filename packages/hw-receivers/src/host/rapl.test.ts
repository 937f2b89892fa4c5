import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { machineTree, UnpackedTree } from '../testing/hostTree.suite.ts';
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
  expect(rapl.read(files, 0)).not.toHaveProperty('cpu');
  set('intel-rapl:0', 100000000000 + 90e6);
  set('intel-rapl:0/intel-rapl:0:0', 5000000000 + 30e6);
  set('intel-rapl:1', 262143300000 + 20e3);
  const { cpu, readings } = rapl.read(files, second);
  expect(cpu?.watts).toBeCloseTo(90.02, 9);
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
  const { cpu, readings } = rapl.read(files, second);
  expect(cpu).toBeUndefined();
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
  expect(rapl.read(files, 3 * second)).toMatchObject({ cpu: { watts: 65, sinceNs: 2 * second } });
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

test('a step forth and back, in one second or in a tenth of one, adds no energy and no power', () => {
  for (const [seconds, forth] of [
    [1, 700],
    [0.1, 150],
    [0.1, 700],
  ] as const) {
    const { rapl, files, set } = setUp('server');
    const powers: number[] = [];
    let [joules, timeNs] = [0, 0];
    const go = (step: number) => {
      joules += step;
      timeNs += seconds * second;
      for (const zone of ['intel-rapl:0', 'intel-rapl:1']) set(zone, 1000e6 + joules * 1e6);
      const { cpu, readings } = rapl.read(files, timeNs);
      if (cpu !== undefined) powers.push(cpu.watts);
      return readings;
    };
    for (const step of [0, 6, 6, forth, -forth + 6, 6, 6]) go(step * seconds);
    const energy = go(6 * seconds).find(({ sensor }) => sensor.metric.name === 'hw.energy');
    for (const watts of powers) expect(watts).toBeCloseTo(12, 6);
    expect(powers.length).toBeGreaterThanOrEqual(4);
    expect(energy?.value).toBeCloseTo(6 * 6 * seconds, 6);
  }
});

test('a load that rises at once is power from the poll after it, and no joule of it is lost', () => {
  const { rapl, files, set } = setUp('server');
  let joules = 0;
  const seen: number[] = [];
  for (const [n, watts] of [0, 20, 20, 250, 250, 250].entries()) {
    joules += watts / 10;
    for (const zone of ['intel-rapl:0', 'intel-rapl:1']) set(zone, 1000e6 + joules * 1e6);
    const { cpu } = rapl.read(files, (n * second) / 10);
    if (cpu) seen.push(Math.round(cpu.watts * ((n * second) / 10 - cpu.sinceNs)) / second);
  }
  expect(seen.reduce((sum, each) => sum + each, 0)).toBeCloseTo(2 * joules, 6);
});

test('a counter that has never moved has no power and no energy, and is reported once', () => {
  const { rapl, files } = setUp('server');
  const polls = Array.from({ length: 60 }, (_, n) => rapl.read(files, (n * second) / 10));
  expect(polls.every(({ cpu }) => cpu === undefined)).toBe(true);
  expect(polls.at(-1)?.readings).toEqual([]);
  const problems = polls.flatMap(({ problem }) => problem?.message ?? []);
  expect(problems.filter((each) => each.includes('intel-rapl:0/energy_uj does not count'))).toHaveLength(1);
});

test('zones that come later are found when they are looked for again', () => {
  const { rapl, files, tree } = setUp('server');
  const empty = new Rapl();
  empty.enumerate({ ...files, list: () => [] });
  expect(empty.hasZones).toBe(false);
  empty.enumerate(files);
  expect(empty.hasZones).toBe(true);
  tree.remove('/sys/class/powercap');
  rapl.enumerate(files);
  expect(rapl.hasZones).toBe(false);
});

test('while a zone cannot even be named there is no total: it may be a package', () => {
  const { files, tree, set } = setUp('server');
  const rapl = new Rapl();
  rapl.enumerate({ ...files, read: (path) => (path.includes('rapl:1/') ? { kind: 'broken' } : files.read(path)) });
  rapl.read(files, 0);
  set('intel-rapl:0', 100000000000 + 90e6);
  expect(rapl.read(files, second)).not.toHaveProperty('cpu');
  rapl.enumerate(files);
  for (const at of [2, 3, 4]) {
    tree.write(`${zones}/intel-rapl:0/energy_uj`, `${100000000000 + at * 90e6}\n`);
    tree.write(`${zones}/intel-rapl:1/energy_uj`, `${1000 + at * 90e6}\n`);
    rapl.read(files, at * second);
  }
  set('intel-rapl:0', 100000000000 + 450e6);
  set('intel-rapl:1', 1000 + 450e6);
  expect(rapl.read(files, 5 * second).cpu?.watts).toBeCloseTo(180, 6);
});
