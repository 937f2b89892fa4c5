import { nvmlCode } from '../nvml/codes.ts';
import type { NvmlArgument, NvmlCall, NvmlFunction } from '../nvml/functions.ts';
import { GpuReader, type GpuReaderOptions } from '../nvml/gpuReader.ts';
import type { GpuWorker, StartGpuWorker } from '../nvml/gpuWorker.ts';

/** What one GPU of the twin answers: a number, several, a text, or a return code. */
type GpuAnswer = number | bigint | string | readonly number[] | { readonly code: number };

export interface FakeGpu {
  readonly uuid: string;
  /** By function; what is not named is not supported. Called with the arguments, where it is a function. */
  readonly answers: Partial<Record<NvmlFunction, GpuAnswer | ((values: readonly NvmlArgument[]) => GpuAnswer)>>;
}

const notSupported = 3;

/** The in-memory twin of NVML: return codes and typed arrays, without a driver. */
export class FakeNvml {
  gpus: FakeGpu[];
  /** What the library as a whole answers for a function, before any GPU is asked. */
  readonly codes: Map<NvmlFunction, number> = new Map();
  readonly calls: NvmlFunction[] = [];

  constructor(...gpus: FakeGpu[]) {
    this.gpus = gpus;
  }

  readonly call: NvmlCall = (name, ...values) => {
    this.calls.push(name);
    const code = this.codes.get(name);
    if (code !== undefined) return code;
    if (name === 'nvmlInit_v2' || name === 'nvmlShutdown') return nvmlCode.success;
    if (name === 'nvmlDeviceGetCount_v2') return fill(values[0], this.gpus.length);
    if (name === 'nvmlSystemGetDriverVersion') return fill(values[0], '580.10');
    if (name === 'nvmlDeviceGetHandleByIndex_v2') return fill(values[1], BigInt(values[0] as number) + 1n);
    const gpu = this.gpus[Number(values[0]) - 1];
    return gpu === undefined ? nvmlCode.gpuIsLost : answer(gpu, name, values);
  };

  /** A worker that runs in this thread. */
  readonly startWorker: StartGpuWorker = (start) => this.#worker(start);
  /** How many workers were started. */
  started = 0;
  /** While true, no request is answered, and a worker that is ended hangs. */
  isWedged = false;
  /** How many requests were left without an answer. */
  hangs = 0;
  /** The thread of a hanging worker returns. */
  release: () => void = () => undefined;
  nowNs: () => number = () => 0;

  #worker(options: GpuReaderOptions): GpuWorker {
    this.started++;
    const reader = new GpuReader(this.call, () => this.nowNs(), { ...options, countGpus: () => this.gpus.length });
    let isHanging = false;
    return {
      ask: async (request) => {
        isHanging = this.isWedged;
        if (isHanging) {
          this.hangs++;
          await new Promise(() => undefined);
        }
        return request === 'open' ? reader.open() : reader.read();
      },
      end: async () => {
        if (!isHanging) return {};
        return { hanging: new Promise<void>((resolve) => (this.release = resolve)) };
      },
    };
  }
}

function answer(gpu: FakeGpu, name: NvmlFunction, values: readonly NvmlArgument[]): number {
  const given = name === 'nvmlDeviceGetUUID' ? gpu.uuid : gpu.answers[name];
  const value = typeof given === 'function' ? given(values) : given;
  if (value === undefined) return notSupported;
  if (typeof value === 'object' && 'code' in value) return value.code;
  return fill(
    values.find((each) => typeof each === 'object'),
    value,
  );
}

/** Writes an answer into the out parameter, as the library does. */
function fill(out: NvmlArgument | undefined, value: Exclude<GpuAnswer, { readonly code: number }>): number {
  if (out instanceof BigUint64Array && typeof value !== 'string') {
    const many = typeof value === 'object' ? value : [value];
    many.forEach((each, index) => {
      out[index] = BigInt(each);
    });
  } else if (out instanceof Uint32Array && typeof value !== 'string') {
    const many = typeof value === 'object' ? value : [Number(value)];
    many.forEach((each, index) => {
      out[index] = each;
    });
  } else if (out instanceof Uint8Array && typeof value === 'string') {
    out.fill(0);
    out.set(Buffer.from(value, 'latin1'));
  } else if (out instanceof Uint8Array && typeof value === 'object') {
    out.set(value);
  }
  return nvmlCode.success;
}

/** A card as people have it: power, energy, utilization, memory, temperature, clocks. */
export function card(uuid: string, more: FakeGpu['answers'] = {}): FakeGpu {
  return {
    uuid,
    answers: {
      nvmlDeviceGetName: 'NVIDIA Test Card',
      nvmlDeviceGetPowerUsage: 71_500,
      nvmlDeviceGetTotalEnergyConsumption: 9_007_199_254n,
      nvmlDeviceGetUtilizationRates: [42, 17],
      nvmlDeviceGetMemoryInfo: [24 * 2 ** 30, 20 * 2 ** 30, 4 * 2 ** 30],
      nvmlDeviceGetTemperature: 61,
      nvmlDeviceGetClockInfo: ([, type]) => [1800, 1800, 9500, 1600][Number(type)] ?? { code: 2 },
      nvmlDeviceGetCurrentClocksEventReasons: 0x24n,
      nvmlDeviceGetPerformanceState: 2,
      ...more,
    },
  };
}
