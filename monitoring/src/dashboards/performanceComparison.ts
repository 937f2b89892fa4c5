import { metric } from '@benchlab-otel/presets';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { primaryVariable } from '../queries/variables.ts';
import {
  accuracyDifference,
  crossThroughput,
  crossThroughputShare,
  testFailures,
} from './performanceComparison/crossValidation.ts';
import { cpuUses, gpuUses, memoryUses, tokensForCpu, tokensForMemory } from './performanceComparison/efficiency.ts';
import {
  errorShares,
  latencies,
  latencyRelation,
  requestRates,
  throughput,
  throughputRelation,
} from './performanceComparison/speed.ts';
import { runtimeVariables } from './runtimeNames.ts';

/** The primary implementation next to the others: is it as fast, as frugal, and as right. */
export function performanceComparison(): DashboardDefinition {
  return {
    name: 'performance-comparison',
    folder: 'Runtime',
    title: 'Performance Comparison',
    description:
      'The primary implementation of the runtime, which the variable Primary names, compared with the others: throughput, latency, resources, cross-validation.',
    tags: ['runtime'],
    from: 'now-6h',
    refresh: '30s',
    variables: [...runtimeVariables(), primaryVariable(metric.bitnetRequests)],
    // Panel ids: fixed for ever. Next: 16.
    panels: [
      throughput(),
      throughputRelation(),
      latencies(),
      latencyRelation(),
      tokensForCpu(),
      tokensForMemory(),
      cpuUses(),
      memoryUses(),
      gpuUses(),
      testFailures(),
      accuracyDifference(),
      crossThroughput(),
      crossThroughputShare(),
      errorShares(),
      requestRates(),
    ],
  };
}
