import type { MetricDefinition } from './definition.ts';

// GPUs. Source: OpenTelemetry semantic conventions 1.45, where every hw.* metric is at development stability.
const gpu = [
  'hw.id',
  'hw.name',
  'hw.parent',
  'hw.model',
  'benchlab.simulated',
  'hw.vendor',
  'hw.serial_number',
  'hw.driver_version',
  'hw.firmware_version',
] as const;
const gpuTask = [
  'hw.id',
  'hw.name',
  'hw.parent',
  'hw.model',
  'benchlab.simulated',
  'hw.vendor',
  'hw.serial_number',
  'hw.driver_version',
  'hw.firmware_version',
  'hw.gpu.task',
] as const;
const gpuFlow = [
  'hw.id',
  'hw.name',
  'hw.parent',
  'hw.model',
  'benchlab.simulated',
  'hw.vendor',
  'hw.serial_number',
  'hw.driver_version',
  'hw.firmware_version',
  'network.io.direction',
] as const;
const semconv = { stability: 'development', origin: 'semconv' } as const;

export const hwGpuUtilization: MetricDefinition<typeof gpuTask> = {
  name: 'hw.gpu.utilization',
  unit: '1',
  instrument: 'gauge',
  attributes: gpuTask,
  description: 'Share of time in which the GPU worked.',
  ...semconv,
};

export const hwGpuMemoryUsage: MetricDefinition<typeof gpu> = {
  name: 'hw.gpu.memory.usage',
  unit: 'By',
  instrument: 'updowncounter',
  attributes: gpu,
  description: 'Memory of the GPU that is used.',
  ...semconv,
};

export const hwGpuMemoryLimit: MetricDefinition<typeof gpu> = {
  name: 'hw.gpu.memory.limit',
  unit: 'By',
  instrument: 'updowncounter',
  attributes: gpu,
  description: 'Memory that the GPU has.',
  ...semconv,
};

export const hwGpuMemoryUtilization: MetricDefinition<typeof gpu> = {
  name: 'hw.gpu.memory.utilization',
  unit: '1',
  instrument: 'gauge',
  attributes: gpu,
  description: 'Share of the memory of the GPU that is used.',
  ...semconv,
};

export const hwGpuIo: MetricDefinition<typeof gpuFlow> = {
  name: 'hw.gpu.io',
  unit: 'By',
  instrument: 'counter',
  attributes: gpuFlow,
  description: 'Bytes that the GPU has sent and received.',
  ...semconv,
};
