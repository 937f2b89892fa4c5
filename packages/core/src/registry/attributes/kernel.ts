/** Attributes of what runs in a kernel that a pipeline has built. */
export const kernelAttributes = {
  kernel_variant: {
    type: 'string',
    origin: 'seed',
    description: 'The variant of the kernel in use: `c-float64`, `gpu-cuda`. In events it is among the diagnostics.',
  },
  missing_artifact: {
    type: 'string',
    origin: 'seed',
    description:
      'What the operation would have used and does not have: `dot/cuda`. In events it is among the diagnostics.',
  },
} as const;
