import { type Clock, type Receiver, systemClock } from '@benchlab-otel/core';
import { nvmlReceiver } from '@benchlab-otel/hw-receivers';
import { gpuWattsAt } from '../bench/hostLoad.ts';
import { markedReceiver } from './markedReceiver.ts';

export interface EmulatedGpuOptions {
  /** Samples a second, 0.1 to 20. Default 10. */
  readonly rateHz?: number;
  readonly clock?: Clock;
}

type NvmlEdge = NonNullable<Parameters<typeof nvmlReceiver>[1]>;
type GpuWorker = ReturnType<NvmlEdge['startWorker']>;

/** No GPU has this UUID: NVIDIA numbers its own. */
const uuid = 'GPU-00000000-5349-4d00-0000-000000000001';
const identity = { uuid, name: 'Emulated GPU', computeCapability: [8, 9] as const };
/** Invented, of the size of a card of 200 W. */
const [idleWatts, mostWatts, memoryBytes] = [20, 200, 16 * 2 ** 30];
const opened: Awaited<ReturnType<GpuWorker['ask']>> & object = {
  kind: 'opened',
  gpus: [identity],
  driver: 'emulated',
  denied: [],
  silent: [],
  missing: [],
};

/**
 * A GPU that is made up, read as NVML would give it, and marked as simulated. Its power is what the bench of `hostLoadBench`
 * gives its GPU, so that the two meters agree.
 *
 * @throws OptionError for a rate that the receiver of GPUs refuses
 * @example await emulatedGpu({ rateHz: 5 }).start(consumer);
 */
export function emulatedGpu({ rateHz, clock = systemClock }: EmulatedGpuOptions = {}): Receiver {
  const options = { smi: false as const, clock, ...(rateHz !== undefined && { rateHz }) };
  const edge: NvmlEdge = {
    startWorker: () => emulatedWorker(clock),
    smi: () => () => Promise.reject(new Error('an emulated GPU has no nvidia-smi')),
  };
  return markedReceiver(nvmlReceiver(options, edge));
}

function emulatedWorker(clock: Clock): GpuWorker {
  const energy = energyMeter();
  return {
    async ask(request) {
      if (request === 'open') return opened;
      const timeNs = clock.nowNs();
      const values = valuesAt(timeNs, energy(timeNs));
      const rest = { instances: [], skipped: 0, denied: [], refused: [], isSilent: false };
      return { kind: 'read', polls: [{ uuid, startNs: timeNs, endNs: timeNs, values, ...rest }], hasMore: false };
    },
    end: async () => ({}),
  };
}

/** In the units of NVML. */
function valuesAt(timeNs: number, millijoules: number): Readonly<Record<string, number>> {
  const watts = gpuWattsAt(timeNs);
  const busy = Math.min(1, Math.max(0, (watts - idleWatts) / (mostWatts - idleWatts)));
  const celsius = Math.round(35 + busy * 40);
  return {
    powerMilliwatts: Math.round(watts * 1e3),
    powerInstantMilliwatts: Math.round(watts * 1e3),
    powerLimitMilliwatts: mostWatts * 1e3,
    energyMillijoules: millijoules,
    utilization: Math.round(busy * 100),
    encoder: Math.round(busy * 30),
    decoder: Math.round(busy * 20),
    memoryUsed: Math.round(memoryBytes * (0.1 + busy * 0.5)),
    memoryTotal: memoryBytes,
    temperature: celsius,
    thresholdShutdown: 98,
    thresholdSlowdown: 95,
    performanceState: busy > 0.1 ? 0 : 8,
    clockReasons: 0,
    clockGraphics: Math.round(210 + busy * 2_300),
    clockSm: Math.round(210 + busy * 2_300),
    clockMemory: 10_501,
    clockVideo: Math.round(600 + busy * 1_400),
    maxClockGraphics: 2_520,
    maxClockSm: 2_520,
    maxClockMemory: 10_501,
    maxClockVideo: 2_100,
    fan0Percent: celsius > 50 ? 30 + celsius - 50 : 0,
    pcieGeneration: 4,
    pcieWidth: 16,
    pcieReplays: 0,
  };
}

/** Counts the energy as a GPU does: from its own power, in whole millijoules. */
function energyMeter(): (timeNs: number) => number {
  let [millijoules, beforeNs]: [number, number | undefined] = [0, undefined];
  return (timeNs) => {
    const seconds = (timeNs - (beforeNs ?? timeNs)) / 1e9;
    const watts = (gpuWattsAt(beforeNs ?? timeNs) + gpuWattsAt(timeNs)) / 2;
    millijoules += watts * seconds * 1e3;
    beforeNs = timeNs;
    return Math.floor(millijoules);
  };
}
