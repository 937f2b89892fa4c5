import { durationBuckets, type MetricDefinition } from '@benchlab-otel/core';
import { vocabulary } from './vocabulary.ts';

// The inference runtime: requests, tokens, memory.
const implementation = ['implementation'] as const;
const failure = ['implementation', 'error.type'] as const;
const seed = { stability: 'stable', origin: 'seed' } as const;
// Where the document asks for a panel or an alert and does not name a series.
const chosen = { stability: 'stable', origin: 'benchlab' } as const;

export const bitnetRequests: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.requests',
  unit: '{request}',
  instrument: 'counter',
  attributes: implementation,
  vocabulary,
  description: 'Requests that were served or failed.',
  ...seed,
};

export const bitnetTokensGenerated: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.tokens_generated',
  unit: '{token}',
  instrument: 'counter',
  attributes: implementation,
  vocabulary,
  description: 'Tokens that were generated.',
  ...seed,
};

export const bitnetErrors: MetricDefinition<typeof failure, typeof vocabulary> = {
  name: 'bitnet.errors',
  unit: '{error}',
  instrument: 'counter',
  attributes: failure,
  vocabulary,
  description: 'Requests that failed.',
  ...seed,
};

export const bitnetRequestDuration: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.request.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: implementation,
  vocabulary,
  buckets: durationBuckets,
  description: 'Duration of one request.',
  ...seed,
};

export const bitnetModelLoadDuration: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.model_load.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: implementation,
  vocabulary,
  buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  description: 'Time that loading the model took.',
  ...seed,
};

export const bitnetModelLoadFailures: MetricDefinition<typeof failure, typeof vocabulary> = {
  name: 'bitnet.model_load.failures',
  unit: '{failure}',
  instrument: 'counter',
  attributes: failure,
  vocabulary,
  description: 'Attempts to load the model that failed.',
  ...chosen,
};

export const bitnetTokensPerSecond: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.tokens',
  unit: '{token}/s',
  instrument: 'gauge',
  attributes: implementation,
  vocabulary,
  description: 'Tokens that are generated a second.',
  ...seed,
};

export const bitnetMemoryUsage: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.memory.usage',
  unit: 'By',
  instrument: 'gauge',
  attributes: implementation,
  vocabulary,
  description: 'Memory that the runtime uses.',
  ...seed,
};

export const bitnetGpuMemoryUsage: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.gpu.memory.usage',
  unit: 'By',
  instrument: 'gauge',
  attributes: implementation,
  vocabulary,
  description: 'GPU memory that the runtime uses.',
  ...seed,
};

export const bitnetCpuUsage: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.cpu.usage',
  unit: '%',
  instrument: 'gauge',
  attributes: implementation,
  vocabulary,
  description: 'CPU that the runtime uses, 100 % is all of it.',
  ...chosen,
};

export const bitnetGpuUsage: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.gpu.usage',
  unit: '%',
  instrument: 'gauge',
  attributes: implementation,
  vocabulary,
  description: 'GPU that the runtime uses, 100 % is all of it.',
  ...chosen,
};

export const bitnetQueueDepth: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.queue_depth',
  unit: '{request}',
  instrument: 'gauge',
  attributes: implementation,
  vocabulary,
  description: 'Requests that wait.',
  ...seed,
};

export const bitnetActiveConnections: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.active_connections',
  unit: '{connection}',
  instrument: 'gauge',
  attributes: implementation,
  vocabulary,
  description: 'Connections that are open.',
  ...chosen,
};

export const bitnetCacheHitRate: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.cache.hit_rate',
  unit: '',
  instrument: 'gauge',
  attributes: implementation,
  vocabulary,
  description: 'Share of look-ups that the cache answered, 0 to 1.',
  ...seed,
};

export const bitnetGcPauseDuration: MetricDefinition<typeof implementation, typeof vocabulary> = {
  name: 'bitnet.gc.pause.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: implementation,
  vocabulary,
  buckets: durationBuckets,
  description: 'Duration of one pause for garbage collection.',
  ...chosen,
};
