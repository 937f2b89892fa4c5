import { durationBuckets } from './buckets.ts';
import type { MetricDefinition } from './definition.ts';

// The pipeline from a specification to a distributed bundle, and how ready its backends are.
const region = ['host_region'] as const;
const lowering = ['backend', 'operator', 'maturity', 'host_region'] as const;
const outcome = ['backend', 'host_kind', 'host_region'] as const;
const failure = ['backend', 'host_kind', 'host_region', 'error.type'] as const;
const backend = ['backend'] as const;
const mature = ['backend', 'maturity'] as const;
const bundle = ['target', 'revision'] as const;
const seed = { stability: 'stable', origin: 'seed' } as const;
// Where the document asks for a panel or an alert and names no series.
const chosen = { stability: 'stable', origin: 'benchlab' } as const;

export const pipelineLatency: MetricDefinition<typeof region> = {
  name: 'pipeline.latency',
  unit: 's',
  instrument: 'histogram',
  attributes: region,
  buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
  description: 'Time from the ingest of a specification to its distribution.',
  ...seed,
};

export const loweringDuration: MetricDefinition<typeof lowering> = {
  name: 'lowering.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: lowering,
  buckets: durationBuckets,
  description: 'Time that the lowering of one operator to one backend took.',
  ...seed,
};

export const compileSuccess: MetricDefinition<typeof outcome> = {
  name: 'compile.success',
  unit: '{compilation}',
  instrument: 'counter',
  attributes: outcome,
  description: 'Compilations that succeeded.',
  ...seed,
};

export const compileFailure: MetricDefinition<typeof failure> = {
  name: 'compile.failure',
  unit: '{compilation}',
  instrument: 'counter',
  attributes: failure,
  description: 'Compilations that failed.',
  ...seed,
};

export const verificationBlockRate: MetricDefinition<typeof region> = {
  name: 'verification.block_rate',
  unit: '',
  instrument: 'gauge',
  attributes: region,
  description: 'Share of artefacts that verification blocked in the current interval, 0 to 1.',
  ...seed,
};

export const offlineBundleSize: MetricDefinition<typeof bundle> = {
  name: 'offline.bundle.size',
  unit: 'By',
  instrument: 'gauge',
  attributes: bundle,
  description: 'Size of the packaged bundle, by target and revision.',
  ...seed,
};

export const registryMissingBinaries: MetricDefinition<typeof backend> = {
  name: 'registry.missing_binaries',
  unit: '{binary}',
  instrument: 'gauge',
  attributes: backend,
  description: 'Binaries that a backend needs and this host does not have.',
  ...chosen,
};

export const registryOperators: MetricDefinition<typeof mature> = {
  name: 'registry.operators',
  unit: '{operator}',
  instrument: 'gauge',
  attributes: mature,
  description: 'Operators of a backend, by maturity.',
  ...chosen,
};
