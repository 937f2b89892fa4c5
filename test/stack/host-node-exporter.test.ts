import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Reading, type Sample, systemClock } from '@benchlab-otel/core';
import { hostReceiver } from '@benchlab-otel/hw-receivers';
import { afterAll, describe, expect, test } from 'vitest';
import { hostThread } from '../../packages/hw-receivers/src/testing/hostThread.suite.ts';
import { machineTree, UnpackedTree } from '../../packages/hw-receivers/src/testing/hostTree.suite.ts';
import { freePorts, type RunningServer, startServer } from './process.ts';

// Our parsers and our fixtures are both ours, and could agree on the same mistake. node_exporter is a reader of /proc and
// /sys by other authors. It reads this machine between two reads of ours, and the recorded machines too.

const folder = mkdtempSync(join(tmpdir(), 'benchlab-node-exporter-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Series = ReadonlyMap<string, number>;

async function startNodeExporter(
  flags: readonly string[] = [],
): Promise<RunningServer & { scrape(): Promise<Series> }> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}/metrics`;
  const server = await startServer({
    program: 'node_exporter',
    args: () => [`--web.listen-address=127.0.0.1:${port}`, '--log.level=error', ...flags],
    readyUrl: url,
  });
  return { ...server, scrape: async () => parse(await (await fetch(url)).text()) };
}

/** `name{a="b"}` as it stands on the page, to its value. */
function parse(page: string): Series {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** The latest sample of each source after two polls. */
async function read(options: Parameters<typeof hostReceiver>[0], thread?: Parameters<typeof hostReceiver>[1]) {
  const latest = new Map<string, Sample>();
  const receiver = hostReceiver({ rateHz: 10, ...options }, thread);
  let polls = 0;
  await new Promise<void>((resolve) => {
    const twice = () => ++polls >= 2 && resolve();
    const sample = (each: Sample) => void latest.set(each.source.id, each);
    void receiver.start({ sample, lost: () => undefined, polled: twice });
  });
  await receiver.stop();
  return [...latest.values()].flatMap(({ readings }) => readings);
}

const valueIn = (readings: readonly Reading[], name: string, attributes: Record<string, string> = {}) =>
  readings.find(
    ({ sensor }) =>
      sensor.metric.name === name &&
      Object.entries(attributes).every(([key, value]) => sensor.attributes[key] === value),
  )?.value;

/** Sum of the series of a name whose labels contain the text. */
function sum(series: Series, name: string, ...labels: readonly string[]): number {
  const found = [...series].filter(
    ([key]) => key.startsWith(`${name}{`) && labels.every((label) => key.includes(label)),
  );
  expect(found.length, `${name} with ${labels.join()}`).toBeGreaterThan(0);
  return found.reduce((total, [, value]) => total + value, 0);
}

const devicesOf = (series: Series, name: string) =>
  [...series.keys()].flatMap((key) => new RegExp(`^${name}\\{.*device="([^"]+)"`).exec(key)?.[1] ?? []);

describe('on this machine', () => {
  test('every counter and gauge lies between what node_exporter reads before and after', async () => {
    const exporter = await startNodeExporter();
    try {
      const before = await exporter.scrape();
      const ours = await read({});
      const after = await exporter.scrape();
      let compared = 0;
      /** The kernel counts in ticks, and may step back by one. */
      const between = (what: string, value: number | undefined, theirs: (series: Series) => number, slack = 0) => {
        const [low, high] = [theirs(before), theirs(after)].sort((a, b) => a - b) as [number, number];
        expect(value, `${what}: ${value} is not between ${low} and ${high}`).toBeGreaterThanOrEqual(low - slack);
        expect(value, `${what}: ${value} is not between ${low} and ${high}`).toBeLessThanOrEqual(high + slack);
        compared++;
      };
      const tick = 0.03;

      const modes = {
        user: ['user'],
        nice: ['nice'],
        system: ['system'],
        idle: ['idle'],
        iowait: ['iowait'],
        steal: ['steal'],
      };
      for (const [mode, theirs] of Object.entries({ ...modes, interrupt: ['irq', 'softirq'] })) {
        between(
          `cpu ${mode}`,
          valueIn(ours, 'system.cpu.time', { 'cpu.mode': mode }),
          (series) =>
            theirs.reduce((total, each) => total + sum(series, 'node_cpu_seconds_total', `mode="${each}"`), 0),
          tick,
        );
      }
      for (const minutes of ['1', '5', '15']) {
        const name = `system.cpu.load_average.${minutes}m`;
        between(name, valueIn(ours, name), (series) => series.get(`node_load${minutes}`)!, 0.001);
      }
      const memory = (name: string) => (series: Series) => series.get(`node_memory_${name}_bytes`)!;
      // Memory moves both ways between the two looks.
      const restless = 64e6;
      between('memory limit', valueIn(ours, 'system.memory.limit'), memory('MemTotal'));
      between('memory available', valueIn(ours, 'system.memory.linux.available'), memory('MemAvailable'), restless);
      between(
        'memory free',
        valueIn(ours, 'system.memory.usage', { 'system.memory.state': 'free' }),
        memory('MemFree'),
        restless,
      );
      between(
        'memory buffers',
        valueIn(ours, 'system.memory.usage', { 'system.memory.state': 'buffers' }),
        memory('Buffers'),
        restless,
      );
      between(
        'memory cached',
        valueIn(ours, 'system.memory.usage', { 'system.memory.state': 'cached' }),
        (series) => memory('Cached')(series) + memory('SReclaimable')(series),
        restless,
      );
      between(
        'uptime',
        valueIn(ours, 'system.uptime'),
        (series) => series.get('node_time_seconds')! - series.get('node_boot_time_seconds')!,
        1.01,
      );
      between(
        'disk space',
        valueIn(ours, 'system.disk.usage'),
        (series) => {
          const of = (kind: string) => sum(series, `node_filesystem_${kind}_bytes`, 'mountpoint="/"');
          const used = of('size') - of('free');
          return (used / (used + of('avail'))) * 100;
        },
        0.1,
      );

      const disks = new Set(ours.flatMap(({ sensor }) => sensor.attributes['system.device.name'] ?? []));
      expect(disks).toEqual(
        new Set(devicesOf(before, 'node_disk_io_time_seconds_total').filter((name) => !/^(zram|sr)/.test(name))),
      );
      for (const disk of disks) {
        const device = `device="${disk}"`;
        const of = (name: string) => (series: Series) => sum(series, `node_disk_${name}_total`, device);
        const attributes = (direction: string) => ({ 'system.device.name': `${disk}`, 'disk.io.direction': direction });
        between(`${disk} read`, valueIn(ours, 'system.disk.io', attributes('read')), of('read_bytes'));
        between(`${disk} written`, valueIn(ours, 'system.disk.io', attributes('write')), of('written_bytes'));
        between(`${disk} reads`, valueIn(ours, 'system.disk.operations', attributes('read')), of('reads_completed'));
        between(`${disk} writes`, valueIn(ours, 'system.disk.operations', attributes('write')), of('writes_completed'));
        between(`${disk} merged`, valueIn(ours, 'system.disk.merged', attributes('write')), of('writes_merged'));
        between(
          `${disk} time`,
          valueIn(ours, 'system.disk.operation_time', attributes('write')),
          of('write_time_seconds'),
          0.001,
        );
        between(
          `${disk} busy`,
          valueIn(ours, 'system.disk.io_time', { 'system.device.name': `${disk}` }),
          of('io_time_seconds'),
          0.001,
        );
      }
      for (const name of new Set(devicesOf(before, 'node_network_receive_bytes_total'))) {
        const of = (what: string) => (series: Series) => sum(series, `node_network_${what}_total`, `device="${name}"`);
        for (const direction of ['receive', 'transmit']) {
          const attributes = { 'network.interface.name': name, 'network.io.direction': direction };
          between(`${name} bytes`, valueIn(ours, 'system.network.io', attributes), of(`${direction}_bytes`));
          between(
            `${name} packets`,
            valueIn(ours, 'system.network.packet.count', attributes),
            of(`${direction}_packets`),
          );
          between(`${name} errors`, valueIn(ours, 'system.network.errors', attributes), of(`${direction}_errs`));
          between(`${name} drops`, valueIn(ours, 'system.network.packet.dropped', attributes), of(`${direction}_drop`));
        }
      }
      console.log(`${compared} values held against node_exporter's`);
      expect(compared).toBeGreaterThan(25);
    } finally {
      await exporter.stop();
    }
  });
});

describe.each(['desktop', 'server'] as const)('on the recorded %s', (machine) => {
  test('sensor chips, processors, disks and interfaces have the values that node_exporter reads', async () => {
    const tree = new UnpackedTree(mkdtempSync(join(folder, machine)), machineTree(machine).first);
    // The trees have what sensors, disks and interfaces need; its other collectors want more of a machine.
    const collectors = ['hwmon', 'diskstats', 'netdev', 'meminfo', 'loadavg'].map((name) => `--collector.${name}`);
    const paths = [`--path.procfs=${tree.root}/proc`, `--path.sysfs=${tree.root}/sys`];
    const flags = ['--collector.disable-defaults', ...collectors, '--no-collector.netdev.netlink', ...paths];
    const exporter = await startNodeExporter(flags);
    try {
      const theirs = await exporter.scrape();
      const ours = await read({}, hostThread(tree.files(), systemClock.nowNs));
      const their = (name: string) =>
        [...theirs].flatMap(([key, value]) => (key.startsWith(`${name}{`) ? value : [])).sort((a, b) => a - b);
      const our = (name: string, isShown: (reading: Reading) => boolean = () => true) =>
        ours
          .flatMap((each) => (each.sensor.metric.name === name && isShown(each) ? each.value : []))
          .sort((a, b) => a - b);
      const chip = ({ sensor }: Reading) => `${sensor.attributes['hw.id']}`.startsWith('hwmon/');
      const zone = ({ sensor }: Reading) => `${sensor.attributes['hw.id']}`.startsWith('rapl/');

      // What an open thermistor says is no temperature: node_exporter shows it, and its fault beside it.
      const openThermistor = machine === 'desktop' ? [-61] : [];
      expect([...openThermistor, ...our('hw.temperature', chip)]).toEqual(their('node_hwmon_temp_celsius'));
      expect(our('hw.voltage', chip)).toEqual(their('node_hwmon_in_volts'));
      expect(our('hw.fan.speed', chip)).toEqual(their('node_hwmon_fan_rpm'));
      expect(our('benchlab.current', chip)).toEqual(their('node_hwmon_curr_amps'));
      expect(our('hw.power', chip)).toEqual(
        [...their('node_hwmon_power_watt'), ...their('node_hwmon_power_average_watt')].sort((a, b) => a - b),
      );
      expect(our('hw.energy', chip)).toEqual(their('node_hwmon_energy_joule_total'));
      // The kernel writes thousandths of a percent (sysfs-interface.rst); node_exporter divides by a million, and shows a
      // tenth of the share.
      const tenth = our('benchlab.humidity', chip).map((ratio) => Number((ratio / 10).toFixed(9)));
      expect(tenth).toEqual(their('node_hwmon_humidity').map((value) => Number(value.toFixed(9))));
      // Ours count from the first reading on, so that what wrapped before is not in them: 0 now, one for each zone.
      const zones = machine === 'server' ? 4 : 0;
      expect(our('hw.energy', zone)).toEqual(Array.from({ length: zones }, () => 0));

      for (const [ourName, theirName] of [
        ['read', 'node_disk_read_bytes_total'],
        ['write', 'node_disk_written_bytes_total'],
      ] as const) {
        const disks = [...theirs].flatMap(([key, value]) =>
          key.startsWith(theirName) && !/device="(sr0|nvme\dn1p\d|sda1)"/.test(key) ? value : [],
        );
        const shown = our('system.disk.io', ({ sensor }) => sensor.attributes['disk.io.direction'] === ourName);
        expect(shown).toEqual(disks.sort((a, b) => a - b));
      }
      const received = [...theirs].flatMap(([key, value]) =>
        key.startsWith('node_network_receive_bytes_total') && !key.includes('"veth') ? value : [],
      );
      expect(our('system.network.bytes_received')).toEqual(received.sort((a, b) => a - b));
      expect(valueIn(ours, 'system.memory.limit')).toBe(theirs.get('node_memory_MemTotal_bytes'));
      expect(valueIn(ours, 'system.cpu.load_average.15m')).toBe(theirs.get('node_load15'));
    } finally {
      await exporter.stop();
    }
  });
});
