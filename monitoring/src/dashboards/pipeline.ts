import { metric } from '@benchlab-otel/presets';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { backendVariable, serviceVariables, sourceVariables } from '../queries/variables.ts';
import {
  compileFailureShare,
  compileOutcomes,
  failureReasons,
  missingBinaries,
  readiness,
} from './pipeline/backends.ts';
import { bundleSize, latencyHeatmap, latencyTable } from './pipeline/latency.ts';
import { lowering, slowestOperators } from './pipeline/lowering.ts';
import { blockCourse, blockedArtefacts, verificationBlocks } from './pipeline/verification.ts';

/** From a specification to a distributed bundle: how long it takes, which backends are ready, what fails and what is blocked. */
export function pipeline(): DashboardDefinition {
  return {
    name: 'pipeline',
    folder: 'Services',
    title: 'Pipeline',
    description:
      'The pipeline from the ingest of a specification to the distribution of a bundle: latency, backends, compilations, verification, bundles.',
    tags: ['pipeline'],
    from: 'now-6h',
    refresh: '30s',
    variables: [
      ...sourceVariables(),
      ...serviceVariables(metric.registryOperators),
      backendVariable(metric.registryOperators),
    ],
    panels: [
      latencyHeatmap(),
      latencyTable(),
      readiness(),
      missingBinaries(),
      compileOutcomes(),
      compileFailureShare(),
      verificationBlocks(),
      blockedArtefacts(),
      bundleSize(),
    ],
    // Panel and section ids: fixed for ever. Next: 15.
    sections: [
      {
        id: 14,
        title: 'Lowering and reasons',
        panels: [lowering(), slowestOperators(), failureReasons(), blockCourse()],
      },
    ],
  };
}
