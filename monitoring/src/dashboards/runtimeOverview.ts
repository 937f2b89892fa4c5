import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { hostPanels } from './hostPanels.ts';
import { runtimeVariables } from './runtimeNames.ts';
import { cacheHits, modelLoadDuration, modelLoadFailures } from './runtimeOverview/models.ts';
import {
  activeConnections,
  errorKinds,
  errorShare,
  queueDepth,
  requestDuration,
  requestRate,
} from './runtimeOverview/requests.ts';
import {
  cpuUse,
  gpuMemory,
  gpuUse,
  memoryShare,
  memoryUse,
  tokenRate,
  tokensGenerated,
} from './runtimeOverview/resources.ts';
import { hostUptime, serviceHealth, serviceUptime } from './runtimeOverview/serviceState.ts';

/** One look at the inference runtime: does it answer, how fast, and what does it use. */
export function runtimeOverview(): DashboardDefinition {
  return {
    name: 'runtime-overview',
    folder: 'Runtime',
    title: 'bitnet-rs Overview',
    description: 'The inference runtime: health, requests, latency, errors, tokens, and what it uses of its host.',
    tags: ['runtime'],
    from: 'now-1h',
    refresh: '10s',
    variables: runtimeVariables(),
    panels: [
      serviceHealth(),
      serviceUptime(),
      hostUptime(),
      requestRate(),
      requestDuration(),
      errorShare(),
      activeConnections(),
      queueDepth(),
      tokenRate(),
      cpuUse(),
      memoryUse(),
      memoryShare(),
      gpuUse(),
      gpuMemory(),
      ...hostPanels({ cpu: 16, memory: 17, disk: 18, network: 19 }, 12),
    ],
    // Panel and section ids: fixed for ever. Next: 25.
    sections: [
      {
        id: 24,
        title: 'Models, cache and kinds of errors',
        panels: [modelLoadDuration(), modelLoadFailures(), errorKinds(), tokensGenerated(), cacheHits()],
      },
    ],
  };
}
