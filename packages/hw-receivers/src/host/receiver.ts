import { type Clock, type Receiver, type SampleConsumer, systemClock } from '@benchlab-otel/core';
import { CgroupPart } from './cgroup.ts';
import { CpuPart } from './cpu.ts';
import { DiskPart } from './disk.ts';
import { type HostFiles, hostFiles } from './files.ts';
import { FilesystemPart } from './filesystem.ts';
import { type HostDevices, HostRun } from './hostRun.ts';
import { Hwmon } from './hwmon.ts';
import { LoadPart } from './load.ts';
import { MemoryPart } from './memory.ts';
import { NetworkPart } from './network.ts';
import type { HostPart } from './part.ts';
import { Rapl } from './rapl.ts';
import { UptimePart } from './uptime.ts';

/** What the host receiver can read: files of /proc, and two kinds of sensors of /sys. */
export type HostSourceName = PartName | 'hwmon' | 'rapl';

type PartName = 'cpu' | 'load' | 'memory' | 'disk' | 'filesystem' | 'network' | 'uptime' | 'cgroup';

export interface HostReceiverOptions {
  /** What to read. Default: everything that is there. */
  readonly sources?: readonly HostSourceName[];
  /** Samples a second of everything but the energy of the processors, 0.1 to 10. Default 1. */
  readonly rateHz?: number;
  /** Samples a second of the energy of the processors, 1 to 50. Default 10: faster gains nothing for power. */
  readonly powerRateHz?: number;
  /** The folder that holds `proc` and `sys`, such as `/host` in a container. Default `/`. */
  readonly root?: string;
  readonly clock?: Clock;
}

const parts: Readonly<Record<PartName, () => HostPart>> = {
  cpu: () => new CpuPart(),
  load: () => new LoadPart(),
  memory: () => new MemoryPart(),
  disk: () => new DiskPart(),
  filesystem: () => new FilesystemPart(),
  network: () => new NetworkPart(),
  uptime: () => new UptimePart(),
  cgroup: () => new CgroupPart(),
};

const sourceNames: readonly HostSourceName[] = [...(Object.keys(parts) as PartName[]), 'hwmon', 'rapl'];

/**
 * Reads the host it runs on, from /proc and /sys: processors, load, memory, disks, network, uptime, the limits of its
 * control group, sensor chips (hwmon) and the energy of the processors (RAPL). It only ever reads.
 *
 * @throws TypeError or RangeError that names the wrong option
 * @example
 * const receiver = hostReceiver({ sources: ['cpu', 'memory', 'rapl'] });
 * await receiver.start(consumer);
 */
export function hostReceiver(options: HostReceiverOptions = {}, given?: HostFiles): Receiver {
  const rateHz = rate('rateHz', options.rateHz ?? 1, 0.1, 10);
  const powerRateHz = rate('powerRateHz', options.powerRateHz ?? 10, 1, 50);
  const devices = devicesOf(options.sources ?? sourceNames);
  if (options.root !== undefined && (typeof options.root !== 'string' || options.root === '')) {
    throw new TypeError('root: it must be the path of a folder.');
  }
  const files = given ?? hostFiles(options.root);
  const { clock = systemClock } = options;
  const name = 'host';
  let run: HostRun | undefined;
  let stopping: Promise<void> = Promise.resolve();
  return {
    name,
    async start(consumer: SampleConsumer) {
      if (run) throw new Error(`${name} is already started: stop it first.`);
      const intervals = { intervalNs: 1e9 / rateHz, powerIntervalNs: 1e9 / powerRateHz };
      const next = new HostRun({ name, devices, files, clock, consumer, ...intervals });
      run = next;
      await stopping;
      if (run === next) next.start();
    },
    async stop() {
      const current = run;
      run = undefined;
      if (current) stopping = Promise.all([stopping, current.stop()]).then(() => undefined);
      await stopping;
    },
  };
}

function devicesOf(names: readonly HostSourceName[]): HostDevices {
  const unknown = names.find((name) => !sourceNames.includes(name));
  if (unknown !== undefined) throw new RangeError(`sources: "${unknown}" is none of ${sourceNames.join(', ')}.`);
  if (names.length === 0) throw new RangeError('sources: it names nothing to read.');
  const asked = new Set<string>(names);
  return {
    parts: Object.entries(parts).flatMap(([name, make]) => (asked.has(name) ? [make()] : [])),
    hwmon: asked.has('hwmon') ? new Hwmon() : undefined,
    rapl: asked.has('rapl') ? new Rapl() : undefined,
  };
}

function rate(option: string, hertz: number, min: number, max: number): number {
  if (hertz >= min && hertz <= max) return hertz;
  throw new RangeError(`${option}: ${hertz} is not between ${min} and ${max}.`);
}
