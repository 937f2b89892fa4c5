import { attribute } from './attributes.ts';
import type { MetricDefinition } from './definition.ts';

const { cpuMode, systemMemoryState, systemDeviceName } = attribute;
const disk = [systemDeviceName, attribute.diskIoDirection];
const network = [attribute.networkInterfaceName, attribute.networkIoDirection];
// Development: every system.* metric of the semantic conventions 1.45 is at that stability.
const semconv = { stability: 'development', origin: 'semconv' } as const;
const own = { stability: 'development', origin: 'benchlab' } as const;

/** Seconds that all logical processors together spent in each mode. A guest counts as user. */
export const systemCpuTime: MetricDefinition = {
  name: 'system.cpu.time',
  unit: 's',
  instrument: 'counter',
  attributes: [cpuMode],
  description: 'Seconds that all logical processors together spent in each mode. A guest counts as user.',
  ...semconv,
};

/** Share of the time of all logical processors in each mode, since the poll before. */
export const systemCpuUtilization: MetricDefinition = {
  name: 'system.cpu.utilization',
  unit: '1',
  instrument: 'gauge',
  attributes: [cpuMode],
  description: 'Share of the time of all logical processors in each mode, since the poll before.',
  ...semconv,
};

/** Logical processors that are online. */
export const systemCpuLogicalCount: MetricDefinition = {
  name: 'system.cpu.logical.count',
  unit: '{cpu}',
  instrument: 'updowncounter',
  attributes: [],
  description: 'Logical processors that are online.',
  ...semconv,
};

/** Threads that run or wait, averaged over a minute. Named as the collector's host metrics receiver names it. */
export const systemLoad1m: MetricDefinition = {
  name: 'system.cpu.load_average.1m',
  unit: '{thread}',
  instrument: 'gauge',
  attributes: [],
  description:
    "Threads that run or wait, averaged over a minute. Named as the collector's host metrics receiver names it.",
  ...own,
};

/** Threads that run or wait, averaged over five minutes. Named as the collector's host metrics receiver names it. */
export const systemLoad5m: MetricDefinition = {
  name: 'system.cpu.load_average.5m',
  unit: '{thread}',
  instrument: 'gauge',
  attributes: [],
  description:
    "Threads that run or wait, averaged over five minutes. Named as the collector's host metrics receiver names it.",
  ...own,
};

/** Threads that run or wait, averaged over 15 minutes. Named as the collector's host metrics receiver names it. */
export const systemLoad15m: MetricDefinition = {
  name: 'system.cpu.load_average.15m',
  unit: '{thread}',
  instrument: 'gauge',
  attributes: [],
  description:
    "Threads that run or wait, averaged over 15 minutes. Named as the collector's host metrics receiver names it.",
  ...own,
};

/** Memory by what it is used for; the states add up to all of it. */
export const systemMemoryUsageBytes: MetricDefinition = {
  name: 'system.memory.usage',
  unit: 'By',
  instrument: 'updowncounter',
  attributes: [systemMemoryState],
  description: 'Memory by what it is used for; the states add up to all of it.',
  ...semconv,
};

/** Share of memory by what it is used for. */
export const systemMemoryUtilization: MetricDefinition = {
  name: 'system.memory.utilization',
  unit: '1',
  instrument: 'gauge',
  attributes: [systemMemoryState],
  description: 'Share of memory by what it is used for.',
  ...semconv,
};

/** Memory of the host. */
export const systemMemoryLimit: MetricDefinition = {
  name: 'system.memory.limit',
  unit: 'By',
  instrument: 'updowncounter',
  attributes: [],
  description: 'Memory of the host.',
  ...semconv,
};

/** Memory that new programs can have without swapping, as the kernel estimates it. */
export const systemMemoryLinuxAvailable: MetricDefinition = {
  name: 'system.memory.linux.available',
  unit: 'By',
  instrument: 'updowncounter',
  attributes: [],
  description: 'Memory that new programs can have without swapping, as the kernel estimates it.',
  ...semconv,
};

/** Bytes read from and written to the disk. */
export const systemDiskIo: MetricDefinition = {
  name: 'system.disk.io',
  unit: 'By',
  instrument: 'counter',
  attributes: disk,
  description: 'Bytes read from and written to the disk.',
  ...semconv,
};

/** Reads and writes that the disk completed. */
export const systemDiskOperations: MetricDefinition = {
  name: 'system.disk.operations',
  unit: '{operation}',
  instrument: 'counter',
  attributes: disk,
  description: 'Reads and writes that the disk completed.',
  ...semconv,
};

/** Reads and writes that were merged into others. */
export const systemDiskMerged: MetricDefinition = {
  name: 'system.disk.merged',
  unit: '{operation}',
  instrument: 'counter',
  attributes: disk,
  description: 'Reads and writes that were merged into others.',
  ...semconv,
};

/** Sum of the time that each read and write took. */
export const systemDiskOperationTime: MetricDefinition = {
  name: 'system.disk.operation_time',
  unit: 's',
  instrument: 'counter',
  attributes: disk,
  description: 'Sum of the time that each read and write took.',
  ...semconv,
};

/** Time in which the disk had something to do. */
export const systemDiskIoTime: MetricDefinition = {
  name: 'system.disk.io_time',
  unit: 's',
  instrument: 'counter',
  attributes: [systemDeviceName],
  description: 'Time in which the disk had something to do.',
  ...semconv,
};

/** Bytes received and transmitted. */
export const systemNetworkIo: MetricDefinition = {
  name: 'system.network.io',
  unit: 'By',
  instrument: 'counter',
  attributes: network,
  description: 'Bytes received and transmitted.',
  ...semconv,
};

/** Packets received and transmitted. */
export const systemNetworkPacketCount: MetricDefinition = {
  name: 'system.network.packet.count',
  unit: '{packet}',
  instrument: 'counter',
  attributes: network,
  description: 'Packets received and transmitted.',
  ...semconv,
};

/** Packets that were dropped without an error. */
export const systemNetworkPacketDropped: MetricDefinition = {
  name: 'system.network.packet.dropped',
  unit: '{packet}',
  instrument: 'counter',
  attributes: network,
  description: 'Packets that were dropped without an error.',
  ...semconv,
};

/** Packets that could not be received or transmitted. */
export const systemNetworkErrors: MetricDefinition = {
  name: 'system.network.errors',
  unit: '{error}',
  instrument: 'counter',
  attributes: network,
  description: 'Packets that could not be received or transmitted.',
  ...semconv,
};

/** Memory that the control group of this process and its parents allow. Absent without a limit. */
export const benchlabCgroupMemoryLimit: MetricDefinition = {
  name: 'benchlab.cgroup.memory.limit',
  unit: 'By',
  instrument: 'gauge',
  attributes: [],
  description: 'Memory that the control group of this process and its parents allow. Absent without a limit.',
  ...own,
};

/** Processors whose time the control group of this process and its parents allow. Absent without a limit. */
export const benchlabCgroupCpuLimit: MetricDefinition = {
  name: 'benchlab.cgroup.cpu.limit',
  unit: '{cpu}',
  instrument: 'gauge',
  attributes: [],
  description: 'Processors whose time the control group of this process and its parents allow. Absent without a limit.',
  ...own,
};
