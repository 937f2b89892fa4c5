/** Labels of the inference runtime. */
export const runtimeAttributes = {
  implementation: {
    type: 'string',
    origin: 'seed',
    description: 'The implementation that served the request: `rust`, `cpp` …',
  },
} as const;
