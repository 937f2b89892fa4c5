import {
  type Aperture,
  attribute,
  metric,
  type Reading,
  type Sample,
  type Sensor,
  type Source,
} from '@benchlab-otel/core';
import { EnergyCounter } from '../counters/energyCounter.ts';
import {
  type GpuMeter,
  gpuAttributes,
  instanceSensors,
  meterAttributes,
  reasonSensors,
  type Shown,
  shownOf,
} from './gpuSensors.ts';
import { mostMilliwatts, plausible } from './plausible.ts';
import { ProcessReadings } from './processReadings.ts';
import type { GpuIdentity, GpuPoll, GpuValues } from './values.ts';

const milli = 1000;
/** Without the value for more polls in a row, the other one stands in: NVML drops a capability after ten unknown codes. */
const mostWithout = 10;
/** Values that may be the power total, the better one first. */
const powerValues = ['powerInstantMilliwatts', 'powerMilliwatts'] as const;
type PowerValue = (typeof powerValues)[number];

/** One GPU as a source: makes samples of its polls. */
export class LiveGpu {
  readonly #identity: GpuIdentity;
  readonly #driver: string | undefined;
  readonly #shown: readonly Shown[];
  readonly #reasons: readonly Sensor[];
  readonly #memoryShare: Sensor;
  readonly #power: Sensor;
  /** For a GPU without an energy counter. */
  readonly #integratedPower: Sensor;
  readonly #energy: Sensor;
  readonly #rejectedSensor: Sensor;
  readonly #skippedSensor: Sensor;
  readonly #instances = new Map<string, ReturnType<typeof instanceSensors>>();
  readonly #processes: ProcessReadings;
  #rejected = 0;
  #skipped = 0;
  readonly #meter: GpuMeter;

  /**
   * What counts the energy: the GPU itself, or the integral of its power. The first poll decides it once, because one series
   * must not change its meter. Undefined before.
   */
  energyBy: 'counter' | 'integral' | undefined;
  /** Which value is the power total, for the same reason: the first poll that has one decides. */
  #firstPowerBy: PowerValue | undefined;
  /** The other value while that one is missing for long. */
  #powerBy: PowerValue | undefined;
  #pollsWithout = 0;
  /** Made with the first reading of the GPU's own counter. */
  #energyCounter: EnergyCounter | undefined;
  /** Made with the first sample: before it, what the power stands for is not known. */
  #source: Source | undefined;

  constructor(identity: GpuIdentity, driver: string | undefined, meter: GpuMeter) {
    this.#identity = identity;
    this.#meter = meter;
    this.#driver = driver;
    this.#shown = shownOf(identity);
    this.#reasons = reasonSensors(identity);
    const own = gpuAttributes(identity);
    const metered = meterAttributes(identity, meter);
    const rejected = (type: string): Sensor => ({
      metric: metric.benchlabReadingsRejected,
      attributes: { [attribute.hwId]: identity.uuid, [attribute.errorType]: type },
    });
    this.#memoryShare = { metric: metric.hwGpuMemoryUtilization, attributes: own };
    this.#power = { metric: metric.hwPower, attributes: metered };
    this.#integratedPower = { ...this.#power, energyMetric: metric.hwEnergy };
    this.#energy = { metric: metric.hwEnergy, attributes: metered };
    this.#processes = new ProcessReadings(identity);
    this.#rejectedSensor = rejected('implausible');
    this.#skippedSensor = rejected('no_sample');
  }

  /** Returns the sample, and how many values were rejected in it. Undefined when the GPU reported no value. */
  sample(poll: GpuPoll): { readonly sample: Sample; readonly rejected: number } | undefined {
    const { values, rejected: implausible } = plausible(poll.values);
    const energy = this.#joules(values.energyMillijoules, poll.endNs);
    this.#skipped += poll.skipped;
    const readings: Reading[] = [];
    for (const { value, countsPerUnit, sensor } of this.#shown) push(readings, sensor, values[value], countsPerUnit);
    this.#appendMeter(readings, { joules: energy.joules, milliwatts: values.powerMilliwatts }, poll.skipped);
    this.#appendMemoryShare(readings, values);
    this.#appendReasons(readings, values.clockReasons ?? values.throttleReasons);
    this.#appendInstances(readings, poll);
    const rejected =
      implausible + energy.rejected + (poll.processes ? this.#processes.append(readings, poll.processes) : 0);
    this.#rejected += rejected;
    if (readings.length === 0 || poll.isSilent) return undefined;
    readings.push({ sensor: this.#rejectedSensor, value: this.#rejected });
    readings.push({ sensor: this.#skippedSensor, value: this.#skipped });
    const [timeNs, uncertaintyNs] = [(poll.startNs + poll.endNs) / 2, (poll.endNs - poll.startNs) / 2];
    const milliwatts = this.#milliwatts(values);
    this.#source ??= sourceOf(this.#identity, this.#driver, this.#powerBy === 'powerMilliwatts');
    const base = { source: this.#source, timeNs, uncertaintyNs, readings };
    const sample = milliwatts === undefined ? base : { ...base, totals: { gpu: milliwatts / milli } };
    return { sample, rejected };
  }

  /** The instant power where there is one: the power usage of NVML is the mean of a second on most GPUs. */
  #milliwatts(values: GpuValues): number | undefined {
    const best = powerValues.find((name) => values[name] !== undefined);
    this.#firstPowerBy ??= best;
    this.#powerBy ??= best;
    const first = this.#firstPowerBy;
    const hasFirst = first !== undefined && values[first] !== undefined;
    this.#pollsWithout = first === undefined || hasFirst ? 0 : this.#pollsWithout + 1;
    if (hasFirst) this.#takePowerBy(first);
    else if (this.#pollsWithout > mostWithout && best !== undefined) this.#takePowerBy(best);
    return this.#powerBy && values[this.#powerBy];
  }

  /** The power stands for something else from here on, so it is another source object. */
  #takePowerBy(value: PowerValue): void {
    if (this.#powerBy === value) return;
    this.#powerBy = value;
    this.#source = undefined;
  }

  /** A step that no GPU can draw is not energy. The counter counts on from there. */
  #joules(
    millijoules: number | undefined,
    timeNs: number,
  ): { readonly joules?: number | undefined; readonly rejected: number } {
    if (millijoules === undefined) return { rejected: 0 };
    const mostWatts = mostMilliwatts / milli;
    this.#energyCounter ??= new EnergyCounter({ countsPerJoule: milli, mostWatts, startJoules: millijoules / milli });
    const { kind } = this.#energyCounter.add(millijoules, timeNs);
    return kind === 'rejected' ? { rejected: 1 } : { joules: this.#energyCounter.joules, rejected: 0 };
  }

  #appendMeter(
    readings: Reading[],
    { joules, milliwatts }: { readonly joules: number | undefined; readonly milliwatts: number | undefined },
    skipped: number,
  ): void {
    // nvidia-smi reports no energy, and is asked too seldom to integrate its power. A counter may become ready later.
    if (this.#meter === 'nvml') this.energyBy ??= joules !== undefined || skipped > 0 ? 'counter' : 'integral';
    const isIntegrated = this.#meter === 'nvml' && this.energyBy === 'integral';
    if (!isIntegrated) push(readings, this.#energy, joules);
    push(readings, isIntegrated ? this.#integratedPower : this.#power, milliwatts, milli);
  }

  #appendMemoryShare(readings: Reading[], { memoryUsed, memoryTotal }: GpuValues): void {
    if (memoryUsed === undefined || !memoryTotal) return;
    readings.push({ sensor: this.#memoryShare, value: memoryUsed / memoryTotal });
  }

  #appendReasons(readings: Reading[], mask: number | undefined): void {
    if (mask === undefined) return;
    this.#reasons.forEach((sensor, bit) => {
      // A division: the mask has 64 bits, and JavaScript shifts 32.
      readings.push({ sensor, value: Math.floor(mask / 2 ** bit) % 2 });
    });
  }

  #appendInstances(readings: Reading[], { instances }: GpuPoll): void {
    for (const uuid of this.#instances.keys()) {
      if (!instances.some((instance) => instance.uuid === uuid)) this.#instances.delete(uuid);
    }
    for (const instance of instances) {
      const sensors = this.#instances.get(instance.uuid) ?? instanceSensors(this.#identity, instance);
      this.#instances.set(instance.uuid, sensors);
      const { memoryTotal, memoryUsed } = plausible(memoryOf(instance)).values;
      push(readings, sensors.total, memoryTotal);
      push(readings, sensors.used, memoryUsed);
    }
  }
}

function push(readings: Reading[], sensor: Sensor, value: number | undefined, countsPerUnit = 1): void {
  if (value !== undefined) readings.push({ sensor, value: value / countsPerUnit });
}

function memoryOf({ memoryTotal, memoryUsed }: GpuPoll['instances'][number]): GpuValues {
  return {
    ...(memoryTotal === undefined ? {} : { memoryTotal }),
    ...(memoryUsed === undefined ? {} : { memoryUsed }),
  };
}

/** @param isUsage the power total is nvmlDeviceGetPowerUsage, not the field "instant power" */
function sourceOf(identity: GpuIdentity, driver: string | undefined, isUsage: boolean): Source {
  const { uuid, name, serial, vbios, pciBusId } = identity;
  const attributes = {
    [attribute.hwType]: 'gpu',
    [attribute.hwModel]: name,
    [attribute.hwVendor]: 'NVIDIA',
    ...(serial === undefined ? {} : { [attribute.hwSerialNumber]: serial }),
    ...(vbios === undefined ? {} : { [attribute.hwFirmwareVersion]: vbios }),
    ...(driver === undefined ? {} : { [attribute.hwDriverVersion]: driver }),
    ...(pciBusId === undefined ? {} : { [attribute.port]: pciBusId }),
  };
  const aperture = isUsage ? usageAperture(identity) : undefined;
  return { id: uuid, name, simulated: false, boundary: 'gpu_board', ...(aperture && { aperture }), attributes };
}

/**
 * NVML API reference, nvmlDeviceGetPowerUsage: averaged over 1 s on Ampere and later except GA100. CUDA C++ Programming
 * Guide, compute capabilities: Ampere is 8.x, of which GA100 is 8.0. Of the field "instant power" NVML states no aperture.
 */
function usageAperture({ computeCapability: [major, minor] = [0, 0] }: GpuIdentity): Aperture | undefined {
  return major > 8 || (major === 8 && minor > 0) ? { kind: 'mean', seconds: 1 } : undefined;
}
