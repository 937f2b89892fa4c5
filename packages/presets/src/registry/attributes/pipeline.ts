/** Attributes of the pipeline from a specification to a distributed bundle: of its spans, log events and metrics. */
export const pipelineAttributes = {
  'backend.name': { type: 'string', origin: 'seed', description: 'The backend that code is generated for.' },
  'operator.name': { type: 'string', origin: 'seed', description: 'The operator that is lowered.' },
  'clause.id': {
    type: 'string',
    origin: 'seed',
    description:
      'SHA-256 of the text of the specification clause, in hex; never the text itself. `clauseId()` makes it.',
  },
  'toolchain.binary': { type: 'string', origin: 'seed', description: 'The compiler or tool that is run.' },
  'toolchain.version': {
    type: 'string',
    origin: 'seed',
    description: 'The version of the tool: the first line of what it states itself.',
  },
  'toolchain.stdout.hash': {
    type: 'string',
    origin: 'benchlab',
    description: 'SHA-256 of what the tool wrote to standard output, which is stored under that hash.',
  },
  'toolchain.stderr.hash': {
    type: 'string',
    origin: 'benchlab',
    description: 'SHA-256 of what the tool wrote to standard error, which is stored under that hash.',
  },
  'host.kind': {
    type: 'string',
    origin: 'seed',
    description: 'Whether the host has a network.',
    values: ['online', 'offline'],
  },
  'build.cache_hit': {
    type: 'boolean',
    origin: 'seed',
    description: 'True when the result came from the build cache.',
  },
  'process.exit.code': { type: 'int', origin: 'semconv', description: 'Exit code of the tool.' },
  'compile.output.hashes': {
    type: 'string[]',
    origin: 'benchlab',
    description: 'SHA-256 of each output, in hex.',
  },
  'compile.output.sizes': {
    type: 'int[]',
    origin: 'benchlab',
    description: 'Bytes of each output, in the order of `compile.output.hashes`.',
  },
  'verify.tool': { type: 'string', origin: 'benchlab', description: 'The verifier: `frama-c`, `cbmc`, a fuzzer …' },
  'verify.score': { type: 'number', origin: 'benchlab', description: 'The score of a review, by its own scale.' },
  'verify.blocked': {
    type: 'boolean',
    origin: 'benchlab',
    description: 'True when verification blocked the artefact.',
  },
  'verify.reason': { type: 'string', origin: 'benchlab', description: 'Why verification blocked, in few words.' },
  'evidence.kind': { type: 'string', origin: 'benchlab', description: 'What kind of evidence was collected.' },
  'review.score': { type: 'number', origin: 'benchlab', description: 'The score that a reviewer gave.' },
  'bundle.target': { type: 'string', origin: 'benchlab', description: 'What the bundle is for.' },
  'bundle.revision': { type: 'string', origin: 'benchlab', description: 'The revision that is packaged.' },
  'bundle.size': { type: 'int', origin: 'benchlab', description: 'Bytes of the bundle.' },
  'bundle.signed': { type: 'boolean', origin: 'benchlab', description: 'True when the bundle was signed.' },
  // Labels of its metrics, as the document names them.
  backend: { type: 'string', origin: 'seed', description: 'The backend that code is generated for.' },
  operator: { type: 'string', origin: 'seed', description: 'The operator that is lowered.' },
  maturity: { type: 'string', origin: 'seed', description: 'How finished the operator is: `stable`, `experimental` …' },
  host_kind: {
    type: 'string',
    origin: 'seed',
    description: 'Whether the host has a network.',
    values: ['online', 'offline'],
  },
  host_region: { type: 'string', origin: 'seed', description: 'Where the host stands.' },
  target: { type: 'string', origin: 'seed', description: 'What the bundle is for.' },
  revision: { type: 'string', origin: 'seed', description: 'The revision that is packaged.' },
} as const;
