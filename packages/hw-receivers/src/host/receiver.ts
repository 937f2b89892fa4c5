import {
  type Clock,
  createReceiver,
  numberOption,
  OptionError,
  type Receiver,
  type ReceiverKind,
  systemClock,
  textOption,
  wordOption,
} from '@benchlab-otel/core';
import { type HostFiles, hostFiles } from './files.ts';
import { type HostDevices, HostRun } from './hostRun.ts';
import { Hwmon } from './hwmon.ts';
import * as parts from './parts.ts';
import { Rapl } from './rapl.ts';

/** What the host receiver can read: the parts of /proc, and two kinds of sensors of /sys. */
export type HostSourceName = PartName | 'hwmon' | 'rapl';

type PartName = keyof typeof parts;

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

const partNames = Object.keys(parts) as PartName[];
const sourceNames: readonly HostSourceName[] = [...partNames, 'hwmon', 'rapl'];

export const host: ReceiverKind<HostReceiverOptions> = {
  name: 'host',
  summary: 'this host from /proc and /sys: processors, memory, disks, network, sensor chips and RAPL energy',
  rate: { default: 1, least: 0.1, most: 10 },
  create: hostReceiver,
};

/** Of the energy of the processors, in Hz. */
const powerRate = { default: 10, least: 1, most: 50 };

/**
 * Reads the host it runs on, from /proc and /sys: processors, load, memory, disks, network, uptime, the limits of its
 * control group, sensor chips (hwmon) and the energy of the processors (RAPL). It only ever reads.
 *
 * @throws OptionError that names the wrong option
 * @example
 * const receiver = hostReceiver({ sources: ['cpu', 'memory', 'rapl'] });
 * await receiver.start(consumer);
 */
export function hostReceiver(options: HostReceiverOptions = {}, given?: HostFiles): Receiver {
  const { name, rate } = host;
  const { rateHz = rate.default, powerRateHz = powerRate.default, clock = systemClock } = options;
  const intervals = {
    intervalNs: 1e9 / numberOption('rateHz', rateHz, rate),
    powerIntervalNs: 1e9 / numberOption('powerRateHz', powerRateHz, powerRate),
  };
  const devices = devicesOf(options.sources ?? sourceNames);
  if (options.root !== undefined) textOption('root', options.root);
  const files = given ?? hostFiles(options.root);
  return createReceiver(name, (consumer) => new HostRun({ name, devices, files, clock, consumer, ...intervals }));
}

function devicesOf(names: readonly HostSourceName[]): HostDevices {
  if (!Array.isArray(names) || names.length === 0) {
    throw new OptionError({ option: 'sources', value: names, allowed: `a list of ${sourceNames.join(', ')}` });
  }
  for (const name of names) wordOption('sources', name, sourceNames);
  const asked = new Set<string>(names);
  return {
    parts: Object.entries(parts).flatMap(([name, Part]) => (asked.has(name) ? [new Part()] : [])),
    hwmon: asked.has('hwmon') ? new Hwmon() : undefined,
    rapl: asked.has('rapl') ? new Rapl() : undefined,
  };
}
