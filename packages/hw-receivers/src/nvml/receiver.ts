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
} from '@benchlab-otel/core';
import type { GpuChoice } from './chosenGpus.ts';
import { type StartGpuWorker, startGpuWorker } from './gpuWorker.ts';
import { LiveGpus } from './liveGpus.ts';
import { NvmlRun } from './nvmlRun.ts';
import { NvmlSession } from './nvmlSession.ts';
import { type RunSmi, smiRunner } from './smi.ts';
import { SmiSession } from './smiSession.ts';

export interface NvmlReceiverOptions {
  /** Path or name of the NVML library. Default `libnvidia-ml.so.1`. */
  readonly library?: string;
  /** Path or name of nvidia-smi, which is asked every five seconds while NVML is not available; false for never. */
  readonly smi?: string | false;
  /** Samples a second of every GPU, 0.1 to 20. Default 10. */
  readonly rateHz?: number;
  /** Read the throughput of PCIe too: the driver takes about 40 ms for each GPU and poll. */
  readonly pcieThroughput?: boolean;
  /** Read which processes use each GPU, how much memory and how much GPU time: series for each process, at most 32. */
  readonly processes?: boolean;
  /** GPUs to read, each by its index as NVML counts them from 0 or by its UUID. Default: all. */
  readonly devices?: readonly (number | string)[];
  readonly clock?: Clock;
}

/** What the receiver uses of its environment. Tests replace it. */
export interface NvmlEdge {
  readonly startWorker: StartGpuWorker;
  readonly smi: (path: string) => RunSmi;
}

const thisHost: NvmlEdge = { startWorker: startGpuWorker, smi: smiRunner };
/** The name under which every NVIDIA driver for Linux installs it. */
const defaultLibrary = 'libnvidia-ml.so.1';

export const nvml: ReceiverKind<NvmlReceiverOptions> = {
  name: 'nvml',
  summary: 'NVIDIA GPUs through NVML: power, energy, utilization, memory, temperature and clocks',
  rate: { default: 10, least: 0.1, most: 20 },
  create: nvmlReceiver,
};

const optionNames: OptionNames<NvmlReceiverOptions> = {
  library: true,
  smi: true,
  rateHz: true,
  pcieThroughput: true,
  processes: true,
  devices: true,
  clock: true,
};

/**
 * Reads every NVIDIA GPU of this host through NVML, each a source of samples under its UUID. The calls into the driver
 * run in a thread of their own, which is abandoned when one hangs. It only ever reads.
 *
 * @throws OptionError that names the wrong option
 * @example
 * const receiver = nvmlReceiver({ rateHz: 5 });
 * await receiver.start(consumer);
 */
export function nvmlReceiver(options: NvmlReceiverOptions = {}, edge: NvmlEdge = thisHost): Receiver {
  knownOptions<NvmlReceiverOptions>('nvmlReceiver', options, optionNames);
  const { name, rate } = nvml;
  const { library = defaultLibrary, smi = 'nvidia-smi', rateHz = rate.default, clock = systemClock } = options;
  textOption('library', library);
  if (smi !== false && (typeof smi !== 'string' || smi === '')) {
    throw new OptionError({ option: 'smi', value: smi, allowed: 'a path, a name or false' });
  }
  const intervalNs = 1e9 / numberOption('rateHz', rateHz, rate);
  const devices = chosen(options.devices);
  const start = {
    library,
    pcieThroughput: options.pcieThroughput === true,
    processes: options.processes === true,
    ...(devices && { devices }),
  };
  const shared = {
    nvml: new NvmlSession(start, edge.startWorker, clock),
    smi: smi === false ? undefined : new SmiSession(edge.smi(smi), clock),
    gpus: new LiveGpus(),
  };
  return createReceiver(name, (consumer) => new NvmlRun({ name, clock, consumer, intervalNs, devices, ...shared }));
}

function chosen(devices: unknown): GpuChoice {
  if (devices === undefined) return undefined;
  const isGpu = (each: unknown) =>
    typeof each === 'number' ? Number.isInteger(each) && each >= 0 : typeof each === 'string' && each !== '';
  if (Array.isArray(devices) && devices.length > 0 && devices.every(isGpu)) return [...devices];
  const allowed = 'a list of GPUs, each an index from 0 or a UUID, or left out to read all';
  throw new OptionError({ option: 'devices', value: devices, allowed });
}
