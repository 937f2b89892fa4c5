import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { build, type DashboardDefinition } from './dashboardDefinition.ts';
import { benchHost } from './dashboards/benchHost.ts';

/** Every dashboard. */
export const definitions: readonly DashboardDefinition[] = [benchHost()];

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
