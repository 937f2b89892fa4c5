import type { NvmlCall, NvmlFunction } from './functions.ts';
import { readFields, readMemory, readMemoryV2, readRpm, readTemperatureV } from './structs.ts';

/** A value, or several, that a GPU may have. `read` puts what it found into `values` and returns the code of NVML. */
export interface Capability {
  readonly name: string;
  read(call: NvmlCall, device: bigint, values: Record<string, number>): number;
  /** Read only when the capability of this name has no value: an older way to the same one. */
  readonly insteadOf?: string;
  /** Does not change while the driver runs, or seldom: read at long intervals. */
  readonly isFixed?: boolean;
  /** Takes about 20 ms: read only where an option asks for it. */
  readonly isSlow?: boolean;
}

// Buffers that a call fills and that are read before the next call.
const word = new Uint32Array(1);
const period = new Uint32Array(1);
const rates = new Uint32Array(2);
const long = new BigUint64Array(1);

type Options = Pick<Capability, 'insteadOf' | 'isFixed' | 'isSlow'>;

/** One 32-bit number, after arguments such as the kind of clock. */
function u32(name: string, from: NvmlFunction, before: readonly number[] = [], options: Options = {}): Capability {
  return {
    name,
    ...options,
    read(call, device, values) {
      const code = call(from, device, ...before, word);
      if (code === 0) values[name] = word[0] ?? Number.NaN;
      return code;
    },
  };
}

function u64(name: string, from: NvmlFunction, before: readonly number[] = [], options: Options = {}): Capability {
  return {
    name,
    ...options,
    read(call, device, values) {
      const code = call(from, device, ...before, long);
      // All ones, which some drivers give for "not known", becomes 1.8e19: no counter reaches that. See plausible.ts.
      if (code === 0) values[name] = Number(long[0]);
      return code;
    },
  };
}

function engine(name: string, from: NvmlFunction): Capability {
  return {
    name,
    read(call, device, values) {
      const code = call(from, device, word, period);
      if (code === 0) values[name] = word[0] ?? Number.NaN;
      return code;
    },
  };
}

const utilization: Capability = {
  name: 'utilization',
  read(call, device, values) {
    const code = call('nvmlDeviceGetUtilizationRates', device, rates);
    if (code === 0) values.utilization = rates[0] ?? Number.NaN;
    return code;
  },
};

/** More fans than any board has. */
const maxFans = 8;

const fans: Capability = {
  name: 'fans',
  read(call, device, values) {
    const code = call('nvmlDeviceGetNumFans', device, word);
    const count = code === 0 ? Math.min(word[0] ?? 0, maxFans) : 0;
    for (let fan = 0; fan < count; fan++) {
      if (call('nvmlDeviceGetFanSpeed_v2', device, fan, word) === 0) values[`fan${fan}Percent`] = word[0] ?? Number.NaN;
      readRpm(call, device, fan, values);
    }
    return code;
  },
};

const fixed = { isFixed: true };

// nvml.h: nvmlClockType_t, nvmlTemperatureThresholds_t, nvmlPcieUtilCounter_t, nvmlMemoryErrorType_t.
const clocks = ['Graphics', 'Sm', 'Memory', 'Video'];
const thresholds = ['Shutdown', 'Slowdown', 'MemoryMax', 'GpuMax'];

/** Everything that is read of a GPU. A capability that the device lacks is not asked for again. */
export const capabilities: readonly Capability[] = [
  u32('powerMilliwatts', 'nvmlDeviceGetPowerUsage'),
  u64('energyMillijoules', 'nvmlDeviceGetTotalEnergyConsumption'),
  { name: 'fields', read: readFields },
  utilization,
  engine('encoder', 'nvmlDeviceGetEncoderUtilization'),
  engine('decoder', 'nvmlDeviceGetDecoderUtilization'),
  engine('jpeg', 'nvmlDeviceGetJpgUtilization'),
  engine('ofa', 'nvmlDeviceGetOfaUtilization'),
  { name: 'memory', read: readMemoryV2 },
  { name: 'memoryV1', read: readMemory, insteadOf: 'memory' },
  { name: 'temperatureV', read: readTemperatureV },
  u32('temperature', 'nvmlDeviceGetTemperature', [0], { insteadOf: 'temperatureV' }),
  ...clocks.map((clock, type) => u32(`clock${clock}`, 'nvmlDeviceGetClockInfo', [type])),
  u64('clockReasons', 'nvmlDeviceGetCurrentClocksEventReasons'),
  u64('throttleReasons', 'nvmlDeviceGetCurrentClocksThrottleReasons', [], { insteadOf: 'clockReasons' }),
  u32('performanceState', 'nvmlDeviceGetPerformanceState'),
  u32('pcieGeneration', 'nvmlDeviceGetCurrPcieLinkGeneration'),
  u32('pcieWidth', 'nvmlDeviceGetCurrPcieLinkWidth'),
  u32('pcieReplays', 'nvmlDeviceGetPcieReplayCounter'),
  u64('eccCorrected', 'nvmlDeviceGetTotalEccErrors', [0, 0]),
  u64('eccUncorrected', 'nvmlDeviceGetTotalEccErrors', [1, 0]),
  fans,
  u32('powerLimitMilliwatts', 'nvmlDeviceGetEnforcedPowerLimit', [], fixed),
  u32('managementLimitMilliwatts', 'nvmlDeviceGetPowerManagementLimit', [], {
    ...fixed,
    insteadOf: 'powerLimitMilliwatts',
  }),
  ...thresholds.map((name, type) => u32(`threshold${name}`, 'nvmlDeviceGetTemperatureThreshold', [type], fixed)),
  ...clocks.map((clock, type) => u32(`maxClock${clock}`, 'nvmlDeviceGetMaxClockInfo', [type], fixed)),
  u32('pcieTransmit', 'nvmlDeviceGetPcieThroughput', [0], { isSlow: true }),
  u32('pcieReceive', 'nvmlDeviceGetPcieThroughput', [1], { isSlow: true }),
];
