import { attribute, type MetricDefinition, metric, type Sensor } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { GpuIdentity, GpuInstance } from './values.ts';

/** Where the values of a GPU came from. */
export type GpuMeter = 'nvml' | 'nvidia_smi';

/** One value of a GPU as a reading. */
export interface Shown {
  /** Name of the value in `GpuValues`. */
  readonly value: string;
  /** Counts in one unit of the metric. */
  readonly countsPerUnit: number;
  readonly sensor: Sensor;
}

const milli = 1000;
const percent = 100;
const hertzPerMegahertz = 1e6;
const bytesPerKilobyte = 1000;

/** Every value that becomes a series without a calculation. Made once for a GPU. */
export function shownOf(gpu: GpuIdentity): readonly Shown[] {
  const own = gpuAttributes(gpu);
  const show = (value: string, definition: MetricDefinition, more: Attributes = {}, countsPerUnit = 1): Shown => ({
    value,
    countsPerUnit,
    sensor: { metric: definition, attributes: { ...own, ...more } },
  });
  const task = (value: string, name: string) =>
    show(value, metric.hwGpuUtilization, { [attribute.hwGpuTask]: name }, percent);
  const error = (value: string, name: string) =>
    show(value, metric.hwErrors, { [attribute.hwType]: 'gpu', [attribute.errorType]: name });
  const flow = (value: string, direction: string) =>
    show(value, metric.benchlabGpuPcieThroughput, { [attribute.networkIoDirection]: direction }, 1 / bytesPerKilobyte);
  return [
    task('utilization', 'general'),
    task('encoder', 'encoder'),
    task('decoder', 'decoder'),
    task('jpeg', 'jpeg'),
    task('ofa', 'ofa'),
    show('memoryUsed', metric.hwGpuMemoryUsage),
    show('memoryTotal', metric.hwGpuMemoryLimit),
    show('powerInstantMilliwatts', metric.benchlabGpuPowerInstant, { [attribute.meter]: 'nvml' }, milli),
    show('powerLimitMilliwatts', metric.benchlabGpuPowerLimit, {}, milli),
    show('performanceState', metric.benchlabGpuPerformanceState),
    show('pcieGeneration', metric.benchlabGpuPcieLinkGeneration),
    show('pcieWidth', metric.benchlabGpuPcieLinkWidth),
    show('pcieReplays', metric.benchlabGpuPcieReplays),
    flow('pcieTransmit', 'transmit'),
    flow('pcieReceive', 'receive'),
    error('eccCorrected', 'ecc_corrected'),
    error('eccUncorrected', 'ecc_uncorrected'),
    ...clocksOf(show),
    ...temperaturesOf(gpu),
    ...fansOf(gpu),
  ];
}

function clocksOf(show: (value: string, definition: MetricDefinition, more: Attributes, counts: number) => Shown) {
  return ['Graphics', 'Sm', 'Memory', 'Video'].flatMap((clock) => {
    const which = { [attribute.gpuClock]: clock.toLowerCase() };
    return [
      show(`clock${clock}`, metric.benchlabGpuClock, which, 1 / hertzPerMegahertz),
      show(`maxClock${clock}`, metric.benchlabGpuClockLimit, which, 1 / hertzPerMegahertz),
    ];
  });
}

function temperaturesOf({ uuid, name }: GpuIdentity): Shown[] {
  const at = (value: string, location: string, limitType?: string): Shown => ({
    value,
    countsPerUnit: 1,
    sensor: {
      metric: limitType === undefined ? metric.hwTemperature : metric.hwTemperatureLimit,
      attributes: {
        ...partAttributes(uuid, name, `temperature/${location}`, 'temperature', location),
        ...(limitType === undefined ? {} : { [attribute.hwLimitType]: limitType }),
      },
    },
  });
  return [
    at('temperature', 'gpu'),
    at('memoryTemperature', 'memory'),
    at('thresholdShutdown', 'gpu', 'high.critical'),
    at('thresholdSlowdown', 'gpu', 'throttled'),
    at('thresholdGpuMax', 'gpu', 'high.degraded'),
    at('thresholdMemoryMax', 'memory', 'high.degraded'),
  ];
}

const maxFans = 8;

function fansOf({ uuid, name }: GpuIdentity): Shown[] {
  return Array.from({ length: maxFans }, (_, fan) => {
    const attributes = partAttributes(uuid, name, `fan${fan}`, 'fan', `fan${fan}`);
    return [
      { value: `fan${fan}Percent`, countsPerUnit: percent, sensor: { metric: metric.hwFanSpeedRatio, attributes } },
      { value: `fan${fan}Rpm`, countsPerUnit: 1, sensor: { metric: metric.hwFanSpeed, attributes } },
    ];
  }).flat();
}

function partAttributes(uuid: string, name: string, part: string, type: string, location: string): Attributes {
  return {
    [attribute.hwId]: `${uuid}/${part}`,
    [attribute.hwName]: name,
    [attribute.hwParent]: uuid,
    [attribute.hwType]: type,
    [attribute.hwSensorLocation]: location,
  };
}

/** Attributes of series of the whole GPU. */
export function gpuAttributes({ uuid, name }: GpuIdentity): Attributes {
  return { [attribute.hwId]: uuid, [attribute.hwName]: name };
}

/** Attributes of what the GPU's own meter measures. Readings of another meter may be compared with it, never added to it. */
export function meterAttributes(gpu: GpuIdentity, meter: GpuMeter): Attributes {
  return { ...gpuAttributes(gpu), [attribute.hwType]: 'gpu', [attribute.meter]: meter };
}

// nvml.h, nvmlClocksEventReasons: bit by bit.
const reasons = [
  'idle',
  'application_clocks',
  'software_power_cap',
  'hardware_slowdown',
  'sync_boost',
  'software_thermal',
  'hardware_thermal',
  'hardware_power_brake',
  'display_clock',
];

export function reasonSensors(gpu: GpuIdentity): readonly Sensor[] {
  return reasons.map((reason) => ({
    metric: metric.benchlabGpuClockEvent,
    attributes: { ...gpuAttributes(gpu), [attribute.gpuClockReason]: reason },
  }));
}

/** Memory of an instance of a partitioned GPU, under its own id. */
export function instanceSensors(
  gpu: GpuIdentity,
  { uuid }: GpuInstance,
): { readonly used: Sensor; readonly total: Sensor } {
  const attributes = { [attribute.hwId]: uuid, [attribute.hwName]: gpu.name, [attribute.hwParent]: gpu.uuid };
  return {
    used: { metric: metric.hwGpuMemoryUsage, attributes },
    total: { metric: metric.hwGpuMemoryLimit, attributes },
  };
}
