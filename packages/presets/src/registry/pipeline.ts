import { durationBuckets, type MetricDefinition } from '@benchlab-otel/core';
import { vocabulary } from './vocabulary.ts';

// The pipeline from a specification to a distributed bundle, and how ready its backends are.
const region = ['host_region'] as const;
const lowering = ['backend', 'operator', 'maturity', 'host_region'] as const;
const outcome = ['backend', 'host_kind', 'host_region'] as const;
const failure = ['backend', 'host_kind', 'host_region', 'error.type'] as const;
const backend = ['backend'] as const;
const mature = ['backend', 'maturity'] as const;
const bundle = ['target', 'revision'] as const;
const seed = { stability: 'stable', origin: 'seed' } as const;
// Where the document asks for a panel or an alert and does not name a series.
const chosen = { stability: 'stable', origin: 'benchlab' } as const;

export const pipelineLatency: MetricDefinition<typeof region, typeof vocabulary> = {
  name: 'pipeline.latency',
  unit: 's',
  instrument: 'histogram',
  attributes: region,
  vocabulary,
  buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
  description: 'Time from the ingest of a specification to its distribution.',
  ...seed,
};

export const loweringDuration: MetricDefinition<typeof lowering, typeof vocabulary> = {
  name: 'lowering.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: lowering,
  vocabulary,
  buckets: durationBuckets,
  description: 'Time that the lowering of one operator to one backend took.',
  ...seed,
};

export const compileSuccess: MetricDefinition<typeof outcome, typeof vocabulary> = {
  name: 'compile.success',
  unit: '{compilation}',
  instrument: 'counter',
  attributes: outcome,
  vocabulary,
  description: 'Compilations that succeeded.',
  ...seed,
};

export const compileFailure: MetricDefinition<typeof failure, typeof vocabulary> = {
  name: 'compile.failure',
  unit: '{compilation}',
  instrument: 'counter',
  attributes: failure,
  vocabulary,
  description: 'Compilations that failed.',
  ...seed,
};

export const verificationBlockRate: MetricDefinition<typeof region, typeof vocabulary> = {
  name: 'verification.block_rate',
  unit: '',
  instrument: 'gauge',
  attributes: region,
  vocabulary,
  description: 'Share of artefacts that verification blocked in the current interval, 0 to 1.',
  ...seed,
};

export const offlineBundleSize: MetricDefinition<typeof bundle, typeof vocabulary> = {
  name: 'offline.bundle.size',
  unit: 'By',
  instrument: 'gauge',
  attributes: bundle,
  vocabulary,
  description: 'Size of the packaged bundle, by target and revision.',
  ...seed,
};

export const registryMissingBinaries: MetricDefinition<typeof backend, typeof vocabulary> = {
  name: 'registry.missing_binaries',
  unit: '{binary}',
  instrument: 'gauge',
  attributes: backend,
  vocabulary,
  description: 'Binaries that a backend needs and this host does not have.',
  ...chosen,
};

export const registryOperators: MetricDefinition<typeof mature, typeof vocabulary> = {
  name: 'registry.operators',
  unit: '{operator}',
  instrument: 'gauge',
  attributes: mature,
  vocabulary,
  description: 'Operators of a backend, by maturity.',
  ...chosen,
};
