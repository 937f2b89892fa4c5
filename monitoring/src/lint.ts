import { readFileSync } from 'node:fs';
import { dashboardsKind, type LintFile, lint } from '@benchlab-otel/lint';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { registry } from './registry.ts';

/** A query as the dashboard's JSON has it. */
export interface Target {
  readonly refId?: string;
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly datasource?: unknown;
}

/** Every panel, also inside collapsed rows. */
export function panelsOf(dashboard: Dashboard): readonly Panel[] {
  return (dashboard.panels ?? []).flatMap((panel) => (isRow(panel) ? panel.panels : [panel]));
}

/** Every query of a panel. */
export function queriesOf(panel: Panel): readonly Target[] {
  return (panel.targets ?? []) as readonly Target[];
}

// The same files from src/ and from dist/.
const lists = ['thresholds.json', 'foreign-series.json'].map((path): LintFile => {
  return { path, text: readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), isNamed: false };
});
const kind = dashboardsKind(registry);

/**
 * What `benchlab-probe lint dashboards` finds in one dashboard, one sentence each. What several dashboards and the rules of
 * Prometheus are needed for, such as links, is found by `npm run check`, which lints all of them together.
 */
export function findings(dashboard: Dashboard): readonly string[] {
  const file: LintFile = { path: 'dashboard.json', text: JSON.stringify(dashboard), isNamed: true };
  return lint(kind, [file, ...lists]).map(({ rule, message, fix }) => `${rule}: ${message} ${fix}`);
}

function isRow(panel: Panel | RowPanel): panel is RowPanel {
  return panel.type === 'row';
}
