/** Attributes that any signal may have. `error.*` and `code.*` from the OpenTelemetry semantic conventions 1.45. */
export const generalAttributes = {
  'code.function.name': {
    type: 'string',
    origin: 'semconv',
    description: 'The function that was called: `Shop.buy`.',
  },
  'error.type': { type: 'string', origin: 'semconv', description: 'Class of the error; absent on success.' },
  'error.code': {
    type: 'string',
    origin: 'seed',
    description: 'The code of the error, next to `error.type`; absent on success.',
  },
  environment: {
    type: 'string',
    origin: 'seed',
    description: 'Deployment environment: `online`, `offline` … Set for the process, on every point.',
  },
  'benchlab.node': {
    type: 'string',
    origin: 'benchlab',
    description: 'Name of the host among several, of the resource. Its label on every metric point is `node`.',
  },
  'provenance.id': {
    type: 'string',
    origin: 'seed',
    description:
      'The span that made what is judged: its trace id, a dash, its span id, in hex. `provenanceId()` makes it.',
  },
  'provenance.missing': {
    type: 'boolean',
    origin: 'benchlab',
    description: 'True on a span that must state its provenance and does not. Absent otherwise.',
  },
} as const;
