/** Labels of the service and of the AI API behind it: short words, few values each. */
export const serviceAttributes = {
  method: { type: 'string', origin: 'seed', description: 'The method of the request.' },
  status: { type: 'string', origin: 'seed', description: 'The outcome: `ok`, `error` … Failures are `error`.' },
  type: {
    type: 'string',
    origin: 'seed',
    description: 'The side whose tokens they are.',
    values: ['prompt', 'completion'],
  },
  model: { type: 'string', origin: 'seed', description: 'The requested model.' },
} as const;
