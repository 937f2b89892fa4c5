/** Attributes of artifacts: what programs write and make, kept under its hash. */
export const artifactAttributes = {
  'benchlab.artifact.names': {
    type: 'string[]',
    origin: 'benchlab',
    description: 'What the artifacts of the span are, by the names that the application gave: `stdout`.',
  },
  'benchlab.artifact.hashes': {
    type: 'string[]',
    origin: 'benchlab',
    description: 'SHA-256 of each stored artifact, in hex, in the order of `benchlab.artifact.names`.',
  },
  'benchlab.artifact.sizes': {
    type: 'int[]',
    origin: 'benchlab',
    description: 'Stored bytes of each artifact, in the order of `benchlab.artifact.names`.',
  },
  'benchlab.artifact.stored': {
    type: 'boolean',
    origin: 'benchlab',
    description: 'False when an artifact of the span was not stored before the span left.',
  },
  'benchlab.artifact.cut': {
    type: 'boolean',
    origin: 'benchlab',
    description: 'True when an artifact of the span was longer than what is stored of one. Absent otherwise.',
  },
  'benchlab.artifact.outcome': {
    type: 'string',
    origin: 'benchlab',
    description:
      'What became of an artifact: `known`: it was there already; `dropped`: too many waited; `full`: what is there is on hold.',
    values: ['stored', 'known', 'dropped', 'full', 'failed'],
  },
} as const;
