import {
  type Clock,
  createReceiver,
  knownOptions,
  numberOption,
  OptionError,
  type OptionNames,
  type Receiver,
  type ReceiverKind,
  systemClock,
  textOption,
  wordOption,
} from '@benchlab-otel/core';
import { type HostSourceName, hostSourceNames } from './hostDevices.ts';
import { HostRun } from './hostRun.ts';
import { HostSession } from './hostSession.ts';
import { type StartHostWorker, startHostWorker } from './hostWorker.ts';

export type { HostSourceName };

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

export const host: ReceiverKind<HostReceiverOptions> = {
  name: 'host',
  summary: 'this host from /proc and /sys: processors, memory, disks, network, sensor chips and RAPL energy',
  rate: { default: 1, least: 0.1, most: 10 },
  create: hostReceiver,
};

/** Of the energy of the processors, in Hz. */
const powerRate = { default: 10, least: 1, most: 50 };

const optionNames: OptionNames<HostReceiverOptions> = {
  sources: true,
  rateHz: true,
  powerRateHz: true,
  root: true,
  clock: true,
};

/**
 * Reads the host it runs on, from /proc and /sys: processors, load, memory, disks, network, uptime, the limits of its
 * control group, sensor chips (hwmon) and the energy of the processors (RAPL). It only ever reads.
 *
 * @throws OptionError that names the wrong option
 * @example
 * const receiver = hostReceiver({ sources: ['cpu', 'memory', 'rapl'] });
 * await receiver.start(consumer);
 */
export function hostReceiver(
  options: HostReceiverOptions = {},
  startWorker: StartHostWorker = startHostWorker,
): Receiver {
  knownOptions<HostReceiverOptions>('hostReceiver', options, optionNames);
  const { name, rate } = host;
  const { rateHz = rate.default, powerRateHz = powerRate.default, clock = systemClock } = options;
  const intervalNs = 1e9 / numberOption('rateHz', rateHz, rate);
  const powerNs = 1e9 / numberOption('powerRateHz', powerRateHz, powerRate);
  const sources = sourcesOf(options.sources ?? hostSourceNames);
  if (options.root !== undefined) textOption('root', options.root);
  const session = new HostSession({ sources, root: options.root }, startWorker, clock);
  const powerIntervalNs = sources.includes('rapl') ? powerNs : undefined;
  return createReceiver(
    name,
    (consumer) => new HostRun({ name, session, clock, consumer, intervalNs, powerIntervalNs }),
  );
}

function sourcesOf(names: readonly HostSourceName[]): readonly HostSourceName[] {
  if (!Array.isArray(names) || names.length === 0) {
    throw new OptionError({ option: 'sources', value: names, allowed: `a list of ${hostSourceNames.join(', ')}` });
  }
  for (const name of names) wordOption('sources', name, hostSourceNames);
  return [...names];
}
