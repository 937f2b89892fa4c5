import { attribute } from './attributes.ts';
import type { MetricDefinition } from './definition.ts';

// What the semantic conventions 1.45 have no name for.
const gpu = [attribute.hwId, attribute.hwName, attribute.hwParent, attribute.hwModel, attribute.simulated];
const own = { stability: 'development', origin: 'benchlab' } as const;

/** Clock of a part of the GPU. */
export const benchlabGpuClock: MetricDefinition = {
  name: 'benchlab.gpu.clock',
  unit: 'Hz',
  instrument: 'gauge',
  attributes: [...gpu, attribute.gpuClock],
  description: 'Clock of a part of the GPU.',
  ...own,
};

/** Highest clock of a part of the GPU. */
export const benchlabGpuClockLimit: MetricDefinition = {
  name: 'benchlab.gpu.clock.limit',
  unit: 'Hz',
  instrument: 'gauge',
  attributes: [...gpu, attribute.gpuClock],
  description: 'Highest clock of a part of the GPU.',
  ...own,
};

/** 1 while this is a reason why the clocks of the GPU are below their maximum. */
export const benchlabGpuClockEvent: MetricDefinition = {
  name: 'benchlab.gpu.clock.event',
  unit: '',
  instrument: 'gauge',
  attributes: [...gpu, attribute.gpuClockReason],
  description: '1 while this is a reason why the clocks of the GPU are below their maximum.',
  ...own,
};

/** Performance state of the GPU: 0 is the fastest, 15 the slowest. */
export const benchlabGpuPerformanceState: MetricDefinition = {
  name: 'benchlab.gpu.performance_state',
  unit: '',
  instrument: 'gauge',
  attributes: gpu,
  description: 'Performance state of the GPU: 0 is the fastest, 15 the slowest.',
  ...own,
};

/** Power that the GPU keeps to. */
export const benchlabGpuPowerLimit: MetricDefinition = {
  name: 'benchlab.gpu.power.limit',
  unit: 'W',
  instrument: 'gauge',
  attributes: [...gpu, attribute.hwLimitType],
  description: 'Power that the GPU keeps to.',
  ...own,
};

/** Bytes over the PCIe link in the 20 ms before the poll. */
export const benchlabGpuPcieThroughput: MetricDefinition = {
  name: 'benchlab.gpu.pcie.throughput',
  unit: 'By/s',
  instrument: 'gauge',
  attributes: [...gpu, attribute.networkIoDirection],
  description: 'Bytes over the PCIe link in the 20 ms before the poll.',
  ...own,
};

/** Generation of PCIe that the link runs at now. */
export const benchlabGpuPcieLinkGeneration: MetricDefinition = {
  name: 'benchlab.gpu.pcie.link.generation',
  unit: '',
  instrument: 'gauge',
  attributes: gpu,
  description: 'Generation of PCIe that the link runs at now.',
  ...own,
};

/** Lanes of the PCIe link that are in use now. */
export const benchlabGpuPcieLinkWidth: MetricDefinition = {
  name: 'benchlab.gpu.pcie.link.width',
  unit: '',
  instrument: 'gauge',
  attributes: gpu,
  description: 'Lanes of the PCIe link that are in use now.',
  ...own,
};

/** Packets that had to be sent again over the PCIe link. */
export const benchlabGpuPcieReplays: MetricDefinition = {
  name: 'benchlab.gpu.pcie.replays',
  unit: '{replay}',
  instrument: 'counter',
  attributes: gpu,
  description: 'Packets that had to be sent again over the PCIe link.',
  ...own,
};

/** Power of the GPU at this instant, where hw.power is a mean over a second. */
export const benchlabGpuPowerInstant: MetricDefinition = {
  name: 'benchlab.gpu.power.instant',
  unit: 'W',
  instrument: 'gauge',
  attributes: [...gpu, attribute.meter],
  description: 'Power of the GPU at this instant, where hw.power is a mean over a second.',
  ...own,
};

/** Processes that have a context on the GPU. */
export const benchlabGpuProcesses: MetricDefinition = {
  name: 'benchlab.gpu.processes',
  unit: '{process}',
  instrument: 'gauge',
  attributes: gpu,
  description: 'Processes that have a context on the GPU.',
  ...own,
};

/** Memory of the GPU that a process uses. The process id is that of the host. */
export const benchlabGpuProcessMemory: MetricDefinition = {
  name: 'benchlab.gpu.process.memory',
  unit: 'By',
  instrument: 'gauge',
  attributes: [...gpu, attribute.processPid, attribute.processCreationTime],
  description: 'Memory of the GPU that a process uses. The process id is that of the host.',
  ...own,
};

/** Share of the last second or so in which a process kept a part of the GPU busy. No point while it used nothing. */
export const benchlabGpuProcessUtilization: MetricDefinition = {
  name: 'benchlab.gpu.process.utilization',
  unit: '1',
  instrument: 'gauge',
  attributes: [...gpu, attribute.processPid, attribute.processCreationTime, attribute.hwGpuTask],
  description:
    'Share of the last second or so in which a process kept a part of the GPU busy. No point while it used nothing.',
  ...own,
};
