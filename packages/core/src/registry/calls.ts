import { durationBuckets } from './buckets.ts';
import type { MetricDefinition } from './definition.ts';

// Apart from the other definitions, so that applications with decorators bundle only these.
const call = ['code.function.name', 'error.type'] as const;
const callee = ['code.function.name'] as const;

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

export const benchlabCallsInFlight: MetricDefinition<typeof callee> = {
  name: 'benchlab.calls.in_flight',
  unit: '{call}',
  instrument: 'updowncounter',
  attributes: callee,
  description: 'Calls of decorated functions that have begun and not ended.',
  stability: 'development',
  origin: 'benchlab',
};
