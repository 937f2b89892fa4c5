import type { Reading, Sensor } from '@benchlab-otel/core';
import { attribute, metric } from '@benchlab-otel/core/definitions';
import { DeviceSensors } from './deviceSensors.ts';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart, oddField, push, tooMany, unreadable } from './part.ts';
import { rejectedSensor } from './rejected.ts';
import { completeLines, counter } from './text.ts';

/** The counters of one disk since the host was started. A counter that is wrong is absent. */
interface DiskCounters {
  readonly name: string;
  readonly read: Traffic;
  readonly write: Traffic;
  /** Seconds in which the disk was busy. */
  readonly busySeconds: number | undefined;
}

interface Traffic {
  readonly operations: number | undefined;
  readonly merged: number | undefined;
  readonly bytes: number | undefined;
  /** Sum over the operations. */
  readonly seconds: number | undefined;
}

const path = '/proc/diskstats';
// Linux, Documentation/ABI/testing/procfs-diskstats; a sector there is always 512 bytes, for every disk.
const bytesPerSector = 512;
const msPerSecond = 1000;
const leastFields = 14;

/** Every block device with its counters. A line or a counter that is wrong is a problem, and the others still count. */
function parseDisks(text: string): { readonly disks: readonly DiskCounters[]; readonly problems: readonly string[] } {
  const { lines, isCut } = completeLines(text);
  const problems = isCut ? [garbled(path)] : [];
  const disks = lines.flatMap((line) => diskOf(line, problems) ?? []);
  return { disks, problems };
}

function diskOf(line: string, problems: string[]): DiskCounters | undefined {
  const fields = line.trim().split(/\s+/);
  const name = fields[2];
  if (name === undefined || fields.length < leastFields) {
    problems.push(
      name === undefined || !/^\d+$/.test(fields[0] ?? '') ? garbled(path) : oddField(path, `the line of ${name}`),
    );
    return undefined;
  }
  const odd: number[] = [];
  const at = (index: number, scale = 1): number | undefined => {
    const value = counter(fields[index + 3]);
    if (value === undefined) odd.push(index + 4);
    return value === undefined ? undefined : value * scale;
  };
  const traffic = (from: number): Traffic => ({
    operations: at(from),
    merged: at(from + 1),
    bytes: at(from + 2, bytesPerSector),
    seconds: at(from + 3, 1 / msPerSecond),
  });
  const disk = { name, read: traffic(0), write: traffic(4), busySeconds: at(9, 1 / msPerSecond) };
  if (odd.length > 0) problems.push(oddField(path, `column ${odd.join(', ')} of ${name}`));
  return disk;
}

/** Disks that are files, memory or drives without a medium. */
const ignored = /^(loop|ram|zram|fd|sr)\d+$/;
const directions = ['read', 'write'] as const;

/** Whole disks. The operations of a device mapper or RAID device are counted on the disks below it too. */
export class DiskPart implements HostPart {
  readonly #devices = new DeviceSensors(sensorsOf);
  readonly #leftOut: Sensor = rejectedSensor('host/disks', 'no_room');

  read(files: HostFiles, readings: Reading[]): readonly string[] {
    const file = files.read(path);
    if (file.kind !== 'text') return unreadable(path, file.kind);
    // The kernel lists whole disks there, without partitions.
    // sysfs has ! where the name of a device has / (`cciss/c0d0`).
    const whole = new Set(files.list(blocks).map((name) => name.replaceAll('!', '/')));
    const { disks, problems } = parseDisks(file.text);
    const shown = disks.filter(({ name }) => whole.has(name) && !ignored.test(name));
    const rank = (disk: DiskCounters) => rankOf(files, disk);
    const left = this.#devices.each(shown, rank, (disk, sensors) => {
      for (const direction of directions) append(readings, sensors[direction], disk[direction]);
      push(readings, sensors.busy, disk.busySeconds);
    });
    if (this.#devices.leftOut > 0) readings.push({ sensor: this.#leftOut, value: this.#devices.leftOut });
    return left === 0 ? problems : [...problems, tooMany(left, 'disks', this.#devices.max)];
  }
}

const blocks = '/sys/block';

/** Disks with hardware behind them, then those that were used, then empty virtual ones (`nbd7`). */
function rankOf(files: HostFiles, { name, read, write }: DiskCounters): number {
  if (files.list(`${blocks}/${name.replaceAll('/', '!')}/device`).length > 0) return 0;
  return (read.operations ?? 0) + (write.operations ?? 0) > 0 ? 1 : 2;
}

type DirectionSensors = Readonly<Record<keyof Traffic, Sensor>>;
type DiskSensors = Readonly<Record<(typeof directions)[number], DirectionSensors>> & { readonly busy: Sensor };

function append(readings: Reading[], sensors: DirectionSensors, values: Traffic): void {
  push(readings, sensors.bytes, values.bytes);
  push(readings, sensors.operations, values.operations);
  push(readings, sensors.merged, values.merged);
  push(readings, sensors.seconds, values.seconds);
}

function sensorsOf(name: string): DiskSensors {
  const directed = (direction: string): DirectionSensors => {
    const attributes = { [attribute.systemDeviceName]: name, [attribute.diskIoDirection]: direction };
    return {
      bytes: { metric: metric.systemDiskIo, attributes },
      operations: { metric: metric.systemDiskOperations, attributes },
      merged: { metric: metric.systemDiskMerged, attributes },
      seconds: { metric: metric.systemDiskOperationTime, attributes },
    };
  };
  const busy = { metric: metric.systemDiskIoTime, attributes: { [attribute.systemDeviceName]: name } };
  return { read: directed('read'), write: directed('write'), busy };
}
