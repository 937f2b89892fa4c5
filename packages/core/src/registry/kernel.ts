import type { MetricDefinition } from './definition.ts';

// Kernels in use, held against the list of what a build made.
const none = [] as const;

export const benchlabKernelUnknownUses: MetricDefinition<typeof none> = {
  name: 'benchlab.kernel.unknown_uses',
  unit: '{span}',
  instrument: 'counter',
  attributes: none,
  description: 'Spans within a kernel that is not in the list of the kernels that the build made.',
  stability: 'development',
  origin: 'benchlab',
};
