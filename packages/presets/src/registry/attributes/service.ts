/** Labels of the service and of the AI API behind it: short words, few values each. */
export const serviceAttributes = {
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
