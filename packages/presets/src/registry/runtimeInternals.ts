import type { MetricDefinition } from '@benchlab-otel/core';

// The internals of the inference runtime, and its comparison with another implementation.
const none = [] as const;
const seed = { stability: 'stable', origin: 'seed' } as const;
// Where the document asks for a panel or an alert and does not name a series.
const chosen = { stability: 'stable', origin: 'benchlab' } as const;

export const bitnetRustAllocations: MetricDefinition<typeof none> = {
  name: 'bitnet.rust.allocations',
  unit: '{allocation}',
  instrument: 'counter',
  attributes: none,
  description: 'Allocations of memory.',
  ...seed,
};

export const bitnetRustDeallocations: MetricDefinition<typeof none> = {
  name: 'bitnet.rust.deallocations',
  unit: '{deallocation}',
  instrument: 'counter',
  attributes: none,
  description: 'Deallocations of memory.',
  ...chosen,
};

export const bitnetRustSimdOperations: MetricDefinition<typeof none> = {
  name: 'bitnet.rust.simd_operations',
  unit: '{operation}',
  instrument: 'counter',
  attributes: none,
  description: 'Operations that ran on SIMD units.',
  ...seed,
};

export const bitnetRustScalarOperations: MetricDefinition<typeof none> = {
  name: 'bitnet.rust.scalar_operations',
  unit: '{operation}',
  instrument: 'counter',
  attributes: none,
  description: 'Operations that ran without SIMD.',
  ...chosen,
};

export const bitnetRustThreadPoolActiveThreads: MetricDefinition<typeof none> = {
  name: 'bitnet.rust.thread_pool.active_threads',
  unit: '{thread}',
  instrument: 'gauge',
  attributes: none,
  description: 'Threads of the pool that work.',
  ...seed,
};

export const bitnetRustPanic: MetricDefinition<typeof none> = {
  name: 'bitnet.rust.panic',
  unit: '{panic}',
  instrument: 'counter',
  attributes: none,
  description: 'Panics.',
  ...seed,
};

export const bitnetRustResultErrors: MetricDefinition<typeof none> = {
  name: 'bitnet.rust.result_errors',
  unit: '{error}',
  instrument: 'counter',
  attributes: none,
  description: 'Results that were errors.',
  ...seed,
};

export const bitnetCrossvalTestFailures: MetricDefinition<typeof none> = {
  name: 'bitnet.crossval.test_failures',
  unit: '{test}',
  instrument: 'counter',
  attributes: none,
  description: 'Tests in which the two implementations disagreed.',
  ...seed,
};

export const bitnetCrossvalAccuracyDifference: MetricDefinition<typeof none> = {
  name: 'bitnet.crossval.accuracy_difference',
  unit: '',
  instrument: 'gauge',
  attributes: none,
  description: 'Accuracy of the primary implementation less that of the legacy one.',
  ...seed,
};

export const bitnetCrossvalRustThroughput: MetricDefinition<typeof none> = {
  name: 'bitnet.crossval.rust_throughput',
  unit: '',
  instrument: 'gauge',
  attributes: none,
  description: 'Throughput of the primary implementation in cross-validation, tokens a second.',
  ...seed,
};

export const bitnetCrossvalCppThroughput: MetricDefinition<typeof none> = {
  name: 'bitnet.crossval.cpp_throughput',
  unit: '',
  instrument: 'gauge',
  attributes: none,
  description: 'Throughput of the legacy implementation in cross-validation, tokens a second.',
  ...seed,
};
