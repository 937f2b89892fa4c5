import { attribute, metric, type Reading, type Sensor } from '@benchlab-otel/core';
import { DeviceSensors } from './deviceSensors.ts';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart } from './part.ts';
import { completeLines, counts } from './text.ts';

/** The counters of one disk since the host was started. */
interface DiskCounters {
  readonly name: string;
  readonly read: Traffic;
  readonly write: Traffic;
  /** Seconds in which the disk was busy. */
  readonly busySeconds: number;
}

interface Traffic {
  readonly operations: number;
  readonly merged: number;
  readonly bytes: number;
  /** Sum over the operations. */
  readonly seconds: number;
}

const path = '/proc/diskstats';
// Linux, Documentation/ABI/testing/procfs-diskstats; a sector there is always 512 bytes, for every disk.
const bytesPerSector = 512;
const msPerSecond = 1000;
const leastFields = 14;

/** Every block device with its counters. `isGarbled` when a line is malformed: the others still count. */
function parseDisks(text: string): { readonly disks: readonly DiskCounters[]; readonly isGarbled: boolean } {
  const { lines, isCut } = completeLines(text);
  const disks = lines.map(diskOf);
  const whole = disks.flatMap((disk) => disk ?? []);
  return { disks: whole, isGarbled: isCut || whole.length < disks.length };
}

function diskOf(line: string): DiskCounters | undefined {
  const fields = line.trim().split(/\s+/);
  const [name, numbers] = [fields[2], counts(fields.slice(3, leastFields))];
  if (name === undefined || numbers?.length !== leastFields - 3) return undefined;
  const at = (index: number) => numbers[index] ?? 0;
  return {
    name,
    read: traffic(at(0), at(1), at(2), at(3)),
    write: traffic(at(4), at(5), at(6), at(7)),
    busySeconds: at(9) / msPerSecond,
  };
}

function traffic(operations: number, merged: number, sectors: number, ms: number): Traffic {
  return { operations, merged, bytes: sectors * bytesPerSector, seconds: ms / msPerSecond };
}

/** Disks that are files, memory or drives without a medium. */
const ignored = /^(loop|ram|zram|fd|sr)\d+$/;
const directions = ['read', 'write'] as const;

/** Whole disks. The operations of a device mapper or RAID device are counted on the disks below it too. */
export class DiskPart implements HostPart {
  readonly #devices = new DeviceSensors(sensorsOf);

  read(files: HostFiles, readings: Reading[]): string | undefined {
    const file = files.read(path);
    if (file.kind === 'absent') return undefined;
    if (file.kind !== 'text') return garbled(path);
    // The kernel lists whole disks there, without partitions.
    // sysfs has ! where the name of a device has / (`cciss/c0d0`).
    const whole = new Set(files.list('/sys/block').map((name) => name.replaceAll('!', '/')));
    const { disks, isGarbled } = parseDisks(file.text);
    const shown = disks.filter(({ name }) => whole.has(name) && !ignored.test(name));
    const left = this.#devices.each(shown, (disk, sensors) => {
      for (const direction of directions) append(readings, sensors[direction], disk[direction]);
      readings.push({ sensor: sensors.busy, value: disk.busySeconds });
    });
    if (isGarbled) return garbled(path);
    return left > 0 ? `${left} disks beyond the bound of ${this.#devices.max} are left out` : undefined;
  }
}

type DirectionSensors = Readonly<Record<keyof Traffic, Sensor>>;
type DiskSensors = Readonly<Record<(typeof directions)[number], DirectionSensors>> & { readonly busy: Sensor };

function append(readings: Reading[], sensors: DirectionSensors, values: Traffic): void {
  readings.push({ sensor: sensors.bytes, value: values.bytes });
  readings.push({ sensor: sensors.operations, value: values.operations });
  readings.push({ sensor: sensors.merged, value: values.merged });
  readings.push({ sensor: sensors.seconds, value: values.seconds });
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
