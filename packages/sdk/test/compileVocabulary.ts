import type { LogEventDefinition, MetricDefinition, SpanDefinition } from '../src/index.ts';

// A vocabulary as an application has it: what the core does not define, it defines itself.
const ours = { stability: 'stable', origin: 'benchlab' } as const;
const text = { type: 'string', origin: 'benchlab', description: 'A word.' } as const;
const kinds = { ...text, values: ['online', 'offline'] } as const;

const vocabulary = {
  backend: text,
  operator: text,
  maturity: text,
  host_kind: kinds,
  host_region: text,
  target: text,
  revision: text,
  'backend.name': text,
  'operator.name': text,
  'clause.id': text,
  'toolchain.binary': text,
  'host.kind': kinds,
  'build.cache_hit': { ...text, type: 'boolean' },
  'process.exit.code': { ...text, type: 'int' },
  'compile.output.hashes': { ...text, type: 'string[]' },
  'compile.output.sizes': { ...text, type: 'int[]' },
  'verify.tool': text,
  'verify.score': { ...text, type: 'number' },
  'verify.reason': text,
  'evidence.kind': text,
  'review.score': { ...text, type: 'number' },
  'model.version': text,
  'dataset.version': text,
} as const;

function define<const A extends readonly string[]>(
  name: string,
  instrument: MetricDefinition['instrument'],
  attributes: A,
  more: Pick<MetricDefinition, 'unit' | 'buckets'>,
): MetricDefinition<A, typeof vocabulary> {
  return { name, instrument, attributes, vocabulary, description: 'For tests.', ...more, ...ours };
}

function defineSpan<const R extends readonly string[], const O extends readonly string[]>(
  name: string,
  kind: SpanDefinition['kind'],
  required: R,
  optional: O,
): SpanDefinition<R, O, typeof vocabulary> {
  return { name, kind, required, optional, vocabulary, description: 'For tests.', ...ours };
}

function defineEvent<const R extends readonly string[], const O extends readonly string[]>(
  name: string,
  required: R,
  optional: O,
): LogEventDefinition<R, O, typeof vocabulary> {
  return { name, level: 'info', required, optional, vocabulary, description: 'For tests.', ...ours };
}

const outcome = ['backend', 'host_kind', 'host_region'] as const;

export const metric = {
  compileSuccess: define('compile.success', 'counter', outcome, { unit: '{compilation}' }),
  compileFailure: define('compile.failure', 'counter', [...outcome, 'error.type'], { unit: '{compilation}' }),
  offlineBundleSize: define('offline.bundle.size', 'gauge', ['target', 'revision'], { unit: 'By' }),
  sessionsActive: define('sessions.active', 'gauge', [], { unit: '{session}' }),
  loweringDuration: define('lowering.duration', 'histogram', ['backend', 'operator'], { unit: 's', buckets: [0.1, 1] }),
  pipelineLatency: define('pipeline.latency', 'histogram', ['host_region'], { unit: 's', buckets: [1, 60, 3600] }),
};

const failure = ['error.type', 'error.code'] as const;

export const spans = {
  specParse: defineSpan('spec.parse', 'internal', ['host.kind'], ['clause.id', ...failure]),
  compileExecute: defineSpan(
    'compile.execute',
    'internal',
    ['backend.name', 'toolchain.binary', 'host.kind'],
    ['build.cache_hit', 'process.exit.code', 'compile.output.hashes', 'compile.output.sizes', ...failure],
  ),
  verifyRun: defineSpan('verify.run', 'internal', ['verify.tool', 'provenance.id'], ['verify.score', ...failure]),
  complianceEvidence: defineSpan('compliance.evidence', 'internal', ['provenance.id', 'evidence.kind'], failure),
  reviewFeedback: defineSpan('review.feedback', 'internal', ['provenance.id'], ['review.score', ...failure]),
  plannerCall: defineSpan('planner.call', 'client', ['model.version', 'dataset.version'], failure),
};

export const logEvents = {
  compileStart: defineEvent('compile.start', ['backend.name', 'toolchain.binary'], ['clause.id']),
  compileEnd: defineEvent('compile.end', ['backend.name', 'process.exit.code'], ['toolchain.binary', ...failure]),
  verifyBlock: defineEvent('verify.block', ['verify.tool', 'verify.reason', 'provenance.id'], ['verify.score']),
};
