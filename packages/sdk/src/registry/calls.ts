import { durationBuckets } from './buckets.ts';
import type { MetricDefinition } from './definition.ts';

// Apart from the other definitions, so that who decorates bundles these two alone.
const call = ['code.function.name', 'error.type'] as const;

export const benchlabCallDuration: MetricDefinition<typeof call> = {
  name: 'benchlab.call.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: call,
  buckets: durationBuckets,
  description: 'Duration of calls of decorated functions.',
  stability: 'development',
  origin: 'benchlab',
};

export const benchlabCalls: MetricDefinition<typeof call> = {
  name: 'benchlab.calls',
  unit: '{call}',
  instrument: 'counter',
  attributes: call,
  description: 'Calls of decorated functions.',
  stability: 'development',
  origin: 'benchlab',
};
