import type { AttributeName } from './attributes.ts';
import { durationBuckets } from './buckets.ts';
import type { MetricDefinition } from './definition.ts';

// Apart from the other definitions, so that who decorates bundles these alone.
const codeFunctionName = 'code.function.name' satisfies AttributeName;
const errorType = 'error.type' satisfies AttributeName;

/** Duration of calls of decorated functions. */
export const benchlabCallDuration: MetricDefinition = {
  name: 'benchlab.call.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: [codeFunctionName, errorType],
  buckets: durationBuckets,
  description: 'Duration of calls of decorated functions.',
  stability: 'development',
  origin: 'benchlab',
};

/** Calls of decorated functions. */
export const benchlabCalls: MetricDefinition = {
  name: 'benchlab.calls',
  unit: '{call}',
  instrument: 'counter',
  attributes: [codeFunctionName, errorType],
  description: 'Calls of decorated functions.',
  stability: 'development',
  origin: 'benchlab',
};

/** Calls of decorated functions that have begun and not ended. */
export const benchlabCallsInFlight: MetricDefinition = {
  name: 'benchlab.calls.in_flight',
  unit: '{call}',
  instrument: 'updowncounter',
  attributes: [codeFunctionName],
  description: 'Calls of decorated functions that have begun and not ended.',
  stability: 'development',
  origin: 'benchlab',
};
