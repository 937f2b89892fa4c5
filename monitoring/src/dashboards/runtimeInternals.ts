import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { operations, panics, resultErrors, simdShare, threads } from './runtimeInternals/execution.ts';
import { allocations, allocationsForRequest, allocationsKept } from './runtimeInternals/memory.ts';
import { pauseHeatmap, pauseQuantiles, pauseShare } from './runtimeInternals/pauses.ts';
import { runtimeVariables } from './runtimeNames.ts';

/** What happens inside the runtime: memory, vector units, threads, pauses, and errors that no request reports. */
export function runtimeInternals(): DashboardDefinition {
  return {
    name: 'runtime-internals',
    folder: 'Runtime',
    title: 'Detailed Rust Metrics',
    description:
      'The inside of the runtime: allocations, SIMD and scalar operations, threads, pauses, panics and errors.',
    tags: ['runtime'],
    from: 'now-1h',
    refresh: '10s',
    variables: runtimeVariables(),
    // Panel ids: fixed for ever. Next: 12.
    panels: [
      allocations(),
      allocationsKept(),
      allocationsForRequest(),
      operations(),
      simdShare(),
      threads(),
      pauseHeatmap(),
      pauseQuantiles(),
      pauseShare(),
      panics(),
      resultErrors(),
    ],
  };
}
