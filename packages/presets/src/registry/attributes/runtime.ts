/** Labels of the inference runtime. */
export const runtimeAttributes = {
  implementation: { type: 'string', origin: 'seed', description: 'Which implementation served: `rust`, `cpp` …' },
} as const;
