import type { MetricDefinition } from './definition.ts';

// The host, as the documents name its metrics.
const none = [] as const;
const filesystem = ['system.filesystem.mountpoint'] as const;
const network = ['network.interface.name'] as const;
const seed = { stability: 'stable', origin: 'seed' } as const;
const semconv = { stability: 'development', origin: 'semconv' } as const;

export const systemCpuUsage: MetricDefinition<typeof none> = {
  name: 'system.cpu.usage',
  unit: '%',
  instrument: 'gauge',
  attributes: none,
  description: 'CPU of the host that is used.',
  ...seed,
};

export const systemMemoryUsage: MetricDefinition<typeof none> = {
  name: 'system.memory.usage_percent',
  unit: '',
  instrument: 'gauge',
  attributes: none,
  description: 'Memory of the host that is used.',
  ...seed,
};

export const systemDiskUsage: MetricDefinition<typeof filesystem> = {
  name: 'system.disk.usage',
  unit: '%',
  instrument: 'gauge',
  attributes: filesystem,
  description: 'Space of the disk that is used.',
  ...seed,
};

export const systemNetworkBytesReceived: MetricDefinition<typeof network> = {
  name: 'system.network.bytes_received',
  unit: 'By',
  instrument: 'counter',
  attributes: network,
  description: 'Bytes that the host has received.',
  ...seed,
};

export const systemNetworkBytesSent: MetricDefinition<typeof network> = {
  name: 'system.network.bytes_sent',
  unit: 'By',
  instrument: 'counter',
  attributes: network,
  description: 'Bytes that the host has sent.',
  ...seed,
};

export const systemUptime: MetricDefinition<typeof none> = {
  name: 'system.uptime',
  unit: 's',
  instrument: 'gauge',
  attributes: none,
  description: 'Time since the host started.',
  ...semconv,
};
