import { attribute } from './attributes.ts';
import type { MetricDefinition } from './definition.ts';

const typed = [
  attribute.hwId,
  attribute.hwName,
  attribute.hwParent,
  attribute.hwSensorLocation,
  attribute.hwType,
  attribute.simulated,
];
const limited = [...typed, attribute.hwLimitType];
const gpu = [attribute.hwId, attribute.hwName, attribute.hwParent, attribute.hwModel, attribute.simulated];
// Development: every system.* and hw.* metric of the semantic conventions 1.45 is at that stability.
const semconv = { stability: 'development', origin: 'semconv' } as const;
const seed = { stability: 'stable', origin: 'seed' } as const;

/** Time since the host was started. */
export const systemUptime: MetricDefinition = {
  name: 'system.uptime',
  unit: 's',
  instrument: 'gauge',
  attributes: [],
  description: 'Time since the host was started.',
  ...semconv,
};

/** Temperature at which the component is degraded or at risk. */
export const hwTemperatureLimit: MetricDefinition = {
  name: 'hw.temperature.limit',
  unit: 'Cel',
  instrument: 'gauge',
  attributes: limited,
  description: 'Temperature at which the component is degraded or at risk.',
  ...semconv,
};

/** Voltage at which the component is degraded or at risk. */
export const hwVoltageLimit: MetricDefinition = {
  name: 'hw.voltage.limit',
  unit: 'V',
  instrument: 'gauge',
  attributes: limited,
  description: 'Voltage at which the component is degraded or at risk.',
  ...semconv,
};

/** Speed that the fan has to keep. */
export const hwFanSpeedLimit: MetricDefinition = {
  name: 'hw.fan.speed.limit',
  unit: 'rpm',
  instrument: 'gauge',
  attributes: limited,
  description: 'Speed that the fan has to keep.',
  ...semconv,
};

/** Speed of the fan as a share of its maximum; it can be above 1. */
export const hwFanSpeedRatio: MetricDefinition = {
  name: 'hw.fan.speed_ratio',
  unit: '1',
  instrument: 'gauge',
  attributes: typed,
  description: 'Speed of the fan as a share of its maximum; it can be above 1.',
  ...semconv,
};

/** Errors of the component, by what they are. */
export const hwErrors: MetricDefinition = {
  name: 'hw.errors',
  unit: '{error}',
  instrument: 'counter',
  attributes: [...typed, attribute.errorType],
  description: 'Errors of the component, by what they are.',
  ...semconv,
};

/** Share of time in which the GPU worked. */
export const hwGpuUtilization: MetricDefinition = {
  name: 'hw.gpu.utilization',
  unit: '1',
  instrument: 'gauge',
  attributes: [...gpu, attribute.hwGpuTask],
  description: 'Share of time in which the GPU worked.',
  ...semconv,
};

/** Memory of the GPU that is used. */
export const hwGpuMemoryUsage: MetricDefinition = {
  name: 'hw.gpu.memory.usage',
  unit: 'By',
  instrument: 'updowncounter',
  attributes: gpu,
  description: 'Memory of the GPU that is used.',
  ...semconv,
};

/** Memory that the GPU has. */
export const hwGpuMemoryLimit: MetricDefinition = {
  name: 'hw.gpu.memory.limit',
  unit: 'By',
  instrument: 'updowncounter',
  attributes: gpu,
  description: 'Memory that the GPU has.',
  ...semconv,
};

/** Share of the memory of the GPU that is used. */
export const hwGpuMemoryUtilization: MetricDefinition = {
  name: 'hw.gpu.memory.utilization',
  unit: '1',
  instrument: 'gauge',
  attributes: gpu,
  description: 'Share of the memory of the GPU that is used.',
  ...semconv,
};

/** CPU of the host that is used. */
export const systemCpuUsage: MetricDefinition = {
  name: 'system.cpu.usage',
  unit: '%',
  instrument: 'gauge',
  attributes: [],
  description: 'CPU of the host that is used.',
  ...seed,
};

/** Memory of the host that is used. */
export const systemMemoryUsage: MetricDefinition = {
  name: 'system.memory.usage_percent',
  unit: '',
  instrument: 'gauge',
  attributes: [],
  description: 'Memory of the host that is used.',
  ...seed,
};

/** Space of the disk that is used. */
export const systemDiskUsage: MetricDefinition = {
  name: 'system.disk.usage',
  unit: '%',
  instrument: 'gauge',
  attributes: [attribute.systemFilesystemMountpoint],
  description: 'Space of the disk that is used.',
  ...seed,
};

/** Bytes that the host has received. */
export const systemNetworkBytesReceived: MetricDefinition = {
  name: 'system.network.bytes_received',
  unit: 'By',
  instrument: 'counter',
  attributes: [attribute.networkInterfaceName],
  description: 'Bytes that the host has received.',
  ...seed,
};

/** Bytes that the host has sent. */
export const systemNetworkBytesSent: MetricDefinition = {
  name: 'system.network.bytes_sent',
  unit: 'By',
  instrument: 'counter',
  attributes: [attribute.networkInterfaceName],
  description: 'Bytes that the host has sent.',
  ...seed,
};
