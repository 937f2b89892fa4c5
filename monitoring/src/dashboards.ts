import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { benchHost } from './benchHost.ts';

/** Every dashboard, by the name of the file that Grafana is given. */
export const dashboards: Readonly<Record<string, () => Dashboard>> = {
  'bench-host': benchHost,
};

/** The file's content: stable bytes, so that a change of a dashboard is a readable diff. */
export function rendered(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
