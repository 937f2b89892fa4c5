/** Labels of metrics as the documents name them: short words, few values each. */
export const labelAttributes = {
  backend: { type: 'string', origin: 'seed', description: 'The backend that code is generated for.' },
  operator: { type: 'string', origin: 'seed', description: 'The operator that is lowered.' },
  maturity: { type: 'string', origin: 'seed', description: 'How finished the operator is: `stable`, `experimental` …' },
  environment: {
    type: 'string',
    origin: 'seed',
    description: 'Deployment environment: `online`, `offline` … Set for the process, on every point.',
  },
  host_kind: {
    type: 'string',
    origin: 'seed',
    description: 'Whether the host has a network.',
    values: ['online', 'offline'],
  },
  host_region: { type: 'string', origin: 'seed', description: 'Where the host stands.' },
  target: { type: 'string', origin: 'seed', description: 'What the bundle is for.' },
  revision: { type: 'string', origin: 'seed', description: 'The revision that is packaged.' },
  implementation: { type: 'string', origin: 'seed', description: 'Which implementation served: `rust`, `cpp` …' },
  method: { type: 'string', origin: 'seed', description: 'The method of the request.' },
  status: { type: 'string', origin: 'seed', description: 'How it went: `ok`, `error` … Failures are `error`.' },
  type: {
    type: 'string',
    origin: 'seed',
    description: 'Whose tokens they are.',
    values: ['prompt', 'completion'],
  },
  model: { type: 'string', origin: 'seed', description: 'The model that was asked.' },
} as const;
