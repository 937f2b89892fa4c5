import type { MetricDefinition } from './definition.ts';

// CPU, memory, disk, network, power supply. Source: OpenTelemetry semantic conventions 1.45, where every hw.* metric is
// at development stability.
const device = ['hw.id', 'hw.name', 'hw.parent', 'hw.model', 'benchlab.simulated'] as const;
const limit = ['hw.id', 'hw.name', 'hw.parent', 'hw.model', 'benchlab.simulated', 'hw.limit_type'] as const;
const flow = ['hw.id', 'hw.name', 'hw.parent', 'hw.model', 'benchlab.simulated', 'network.io.direction'] as const;
const diskState = [
  'hw.id',
  'hw.name',
  'hw.parent',
  'hw.model',
  'benchlab.simulated',
  'hw.physical_disk.state',
] as const;
const smart = [
  'hw.id',
  'hw.name',
  'hw.parent',
  'hw.model',
  'benchlab.simulated',
  'hw.physical_disk.smart_attribute',
] as const;
const semconv = { stability: 'development', origin: 'semconv' } as const;

export const hwCpuSpeed: MetricDefinition<typeof device> = {
  name: 'hw.cpu.speed',
  unit: 'Hz',
  instrument: 'gauge',
  attributes: device,
  description: 'Clock of the CPU.',
  ...semconv,
};

export const hwCpuSpeedLimit: MetricDefinition<typeof limit> = {
  name: 'hw.cpu.speed.limit',
  unit: 'Hz',
  instrument: 'gauge',
  attributes: limit,
  description: 'Fastest clock of the CPU.',
  ...semconv,
};

export const hwMemorySize: MetricDefinition<typeof device> = {
  name: 'hw.memory.size',
  unit: 'By',
  instrument: 'updowncounter',
  attributes: device,
  description: 'Size of the memory module.',
  ...semconv,
};

export const hwNetworkIo: MetricDefinition<typeof flow> = {
  name: 'hw.network.io',
  unit: 'By',
  instrument: 'counter',
  attributes: flow,
  description: 'Bytes that the network adapter has sent and received.',
  ...semconv,
};

export const hwNetworkPackets: MetricDefinition<typeof flow> = {
  name: 'hw.network.packets',
  unit: '{packet}',
  instrument: 'counter',
  attributes: flow,
  description: 'Packets that the network adapter has sent and received.',
  ...semconv,
};

export const hwNetworkUp: MetricDefinition<typeof device> = {
  name: 'hw.network.up',
  unit: '1',
  instrument: 'updowncounter',
  attributes: device,
  description: '1 while the link of the network adapter is up, else 0.',
  ...semconv,
};

export const hwNetworkBandwidthLimit: MetricDefinition<typeof device> = {
  name: 'hw.network.bandwidth.limit',
  unit: 'By/s',
  instrument: 'updowncounter',
  attributes: device,
  description: 'Speed of the link of the network adapter.',
  ...semconv,
};

export const hwNetworkBandwidthUtilization: MetricDefinition<typeof device> = {
  name: 'hw.network.bandwidth.utilization',
  unit: '1',
  instrument: 'gauge',
  attributes: device,
  description: 'Share of the speed of the link that is used.',
  ...semconv,
};

export const hwPhysicalDiskSize: MetricDefinition<typeof device> = {
  name: 'hw.physical_disk.size',
  unit: 'By',
  instrument: 'updowncounter',
  attributes: device,
  description: 'Size of the disk.',
  ...semconv,
};

export const hwPhysicalDiskEnduranceUtilization: MetricDefinition<typeof diskState> = {
  name: 'hw.physical_disk.endurance_utilization',
  unit: '1',
  instrument: 'gauge',
  attributes: diskState,
  description: 'Endurance of the disk, by what is left of it.',
  ...semconv,
};

export const hwPhysicalDiskSmart: MetricDefinition<typeof smart> = {
  name: 'hw.physical_disk.smart',
  unit: '1',
  instrument: 'gauge',
  attributes: smart,
  description: 'Value of a S.M.A.R.T. attribute of the disk.',
  ...semconv,
};

export const hwPowerSupplyUsage: MetricDefinition<typeof device> = {
  name: 'hw.power_supply.usage',
  unit: 'W',
  instrument: 'updowncounter',
  attributes: device,
  description: 'Power that the power supply delivers.',
  ...semconv,
};

export const hwPowerSupplyLimit: MetricDefinition<typeof limit> = {
  name: 'hw.power_supply.limit',
  unit: 'W',
  instrument: 'updowncounter',
  attributes: limit,
  description: 'Power that the power supply can deliver.',
  ...semconv,
};

export const hwPowerSupplyUtilization: MetricDefinition<typeof device> = {
  name: 'hw.power_supply.utilization',
  unit: '1',
  instrument: 'gauge',
  attributes: device,
  description: 'Share of its power that the power supply delivers.',
  ...semconv,
};
