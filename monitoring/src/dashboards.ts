import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { build, type DashboardDefinition } from './dashboardDefinition.ts';
import { benchHost } from './dashboards/benchHost.ts';
import { collectorFleet } from './dashboards/collectorFleet.ts';
import { energyPerOperation } from './dashboards/energyPerOperation.ts';
import { fleet } from './dashboards/fleet.ts';
import { gpu } from './dashboards/gpu.ts';
import { gpuDcgm } from './dashboards/gpuDcgm.ts';
import { meterDisagreement } from './dashboards/meterDisagreement.ts';
import { performanceComparison } from './dashboards/performanceComparison.ts';
import { pipeline } from './dashboards/pipeline.ts';
import { pipelineLatencyPower } from './dashboards/pipelineLatencyPower.ts';
import { runComparison } from './dashboards/runComparison.ts';
import { runtimeInternals } from './dashboards/runtimeInternals.ts';
import { runtimeOverview } from './dashboards/runtimeOverview.ts';
import { sessionAnalytics } from './dashboards/sessionAnalytics.ts';
import { sidepanelOverview } from './dashboards/sidepanelOverview.ts';
import { slo } from './dashboards/slo.ts';
import { stack } from './dashboards/stack.ts';
import { systemOverview } from './dashboards/systemOverview.ts';
import { telemetryHealth } from './dashboards/telemetryHealth.ts';
import { veniceApi } from './dashboards/veniceApi.ts';

/** Every dashboard. */
export const definitions: readonly DashboardDefinition[] = [
  fleet(),
  benchHost(),
  gpu(),
  gpuDcgm(),
  pipelineLatencyPower(),
  energyPerOperation(),
  meterDisagreement(),
  runComparison(),
  telemetryHealth(),
  collectorFleet(),
  runtimeOverview(),
  performanceComparison(),
  runtimeInternals(),
  systemOverview(),
  veniceApi(),
  sessionAnalytics(),
  pipeline(),
  slo(),
  sidepanelOverview(),
  stack(),
];

/** Every dashboard as Grafana reads it, by its name. */
export const dashboards: Readonly<Record<string, () => Dashboard>> = Object.fromEntries(
  definitions.map((definition) => [definition.name, () => build(definition)]),
);

/** Its file below monitoring/grafana/dashboards: the providers of Grafana read one folder each. */
export function fileOf({ name, folder }: DashboardDefinition): string {
  return `${folder.toLowerCase()}/${name}.json`;
}

/** The file's content: stable bytes, so that a change of a dashboard is a readable diff. */
export function rendered(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
