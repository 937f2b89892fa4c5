import { type Clock, type Receiver, type SampleConsumer, systemClock } from '@benchlab-otel/core';
import { type StartGpuWorker, startGpuWorker } from './gpuWorker.ts';
import { LiveGpus } from './liveGpus.ts';
import { NvmlRun } from './nvmlRun.ts';
import { NvmlSession } from './nvmlSession.ts';
import { type RunSmi, smiRunner } from './smi.ts';
import { SmiSession } from './smiSession.ts';

export interface NvmlReceiverOptions {
  /** Path or name of the NVML library. Default `libnvidia-ml.so.1`. */
  readonly library?: string;
  /** Path or name of nvidia-smi, asked every five seconds while NVML cannot be had; false for never. */
  readonly smi?: string | false;
  /** Samples a second of every GPU, 0.1 to 20. Default 10. */
  readonly rateHz?: number;
  /** Read the throughput of PCIe too: the driver takes about 40 ms for each GPU and poll. */
  readonly pcieThroughput?: boolean;
  /** Read which processes use each GPU, how much memory and how much of its time: series for each, at most 32. */
  readonly processes?: boolean;
  readonly clock?: Clock;
}

/** What stands between the receiver and the world. */
export interface NvmlEdge {
  readonly startWorker: StartGpuWorker;
  readonly smi: (path: string) => RunSmi;
}

const thisHost: NvmlEdge = { startWorker: startGpuWorker, smi: smiRunner };
/** The name under which every NVIDIA driver for Linux installs it. */
const defaultLibrary = 'libnvidia-ml.so.1';
const rateBounds = { min: 0.1, max: 20 };

/**
 * Reads every NVIDIA GPU of this host through NVML, each a source of samples under its UUID. The calls into the driver
 * run in a thread of their own, which is given up when one hangs. It only ever reads.
 *
 * @throws TypeError or RangeError that names the wrong option
 * @example
 * const receiver = nvmlReceiver({ rateHz: 5 });
 * await receiver.start(consumer);
 */
export function nvmlReceiver(options: NvmlReceiverOptions = {}, edge: NvmlEdge = thisHost): Receiver {
  const { library = defaultLibrary, smi = 'nvidia-smi', rateHz = 10, clock = systemClock } = options;
  if (typeof library !== 'string' || library === '') throw new TypeError('library: it must be a path or a name.');
  if (smi !== false && (typeof smi !== 'string' || smi === '')) {
    throw new TypeError('smi: it must be a path, a name or false.');
  }
  if (!(rateHz >= rateBounds.min && rateHz <= rateBounds.max)) {
    throw new RangeError(`rateHz: ${rateHz} is not between ${rateBounds.min} and ${rateBounds.max}.`);
  }
  const start = { library, pcieThroughput: options.pcieThroughput === true, processes: options.processes === true };
  const shared = {
    nvml: new NvmlSession(start, edge.startWorker, clock),
    smi: smi === false ? undefined : new SmiSession(edge.smi(smi), clock),
    gpus: new LiveGpus(),
  };
  const name = 'nvml';
  let run: NvmlRun | undefined;
  let stopping: Promise<void> = Promise.resolve();
  return {
    name,
    async start(consumer: SampleConsumer) {
      if (run) throw new Error(`${name} is already started: stop it first.`);
      const next = new NvmlRun({ name, clock, consumer, intervalNs: 1e9 / rateHz, ...shared });
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
