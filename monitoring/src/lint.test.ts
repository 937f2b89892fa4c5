import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { expect, test } from 'vitest';
import { dashboards } from './dashboards.ts';
import { findings, panelsOf } from './lint.ts';

const faults: readonly [string, (dashboard: Dashboard, panel: Panel, target: Target) => void, string][] = [
  ['without uid', (dashboard) => delete dashboard.uid, 'no uid'],
  ['that is editable', (dashboard) => Object.assign(dashboard, { editable: true }), 'editable'],
  ['without annotations', (dashboard) => Object.assign(dashboard, { annotations: {} }), 'no annotations'],
  ['without variables', (dashboard) => Object.assign(dashboard, { templating: {} }), 'no variable "datasource"'],
  ['without job', (dashboard) => dropVariable(dashboard, 'job'), 'no variable "job"'],
  ['with a named data source in a variable', nameVariableSource, '"job" has a data source of its own'],
  ['with a panel id twice', (_, panel) => Object.assign(panel, { id: 2 }), 'two panels have the same id'],
  ['with a panel without id', (_, panel) => delete panel.id, 'no id'],
  ['with a panel without title', (_, panel) => delete panel.title, 'no title'],
  ['with a panel without description', (_, panel) => delete panel.description, 'no description'],
  ['with a panel without unit', (_, panel) => delete panel.fieldConfig?.defaults.unit, 'no unit'],
  ['with a unit of its own', (_, panel) => setUnit(panel, 'kwatt'), 'unit is not that of hw_host_power_watts'],
  ['with a mute empty panel', (_, panel) => delete panel.fieldConfig?.defaults.noValue, 'empty panel means'],
  ['with a named data source', (_, panel) => Object.assign(panel, { datasource: { uid: 'P1' } }), 'data source is not'],
  ['with a panel without query', (_, panel) => Object.assign(panel, { targets: [] }), 'no query'],
  ['with a hidden legend', hideLegend, 'legend is hidden'],
  ['with a query without refId', (_, __, target) => delete target.refId, 'no refId'],
  ['with a query on a named data source', (_, __, target) => delete target.datasource, 'a query has a data source'],
  [
    'with an unknown series',
    (_, __, target) => replace(target, 'hw_host_power_watts', 'hw_host_power'),
    'not in the registry',
  ],
  [
    'that ignores the job',
    (_, __, target) => replace(target, 'job=~"$job"', 'job="a"'),
    'does not follow the variable',
  ],
  ['with a bare counter', (_, __, target) => write(target, `hw_energy_joules_total{${chosen}}`), 'is outside rate()'],
  [
    'with the rate of a gauge',
    (_, __, target) => write(target, `rate(hw_host_power_watts{${chosen}}[$__range])`),
    'is inside rate()',
  ],
  [
    'with a fixed range',
    (_, __, target) => write(target, `rate(hw_host_energy_joules_total{${chosen}}[5m])`),
    'fixed range',
  ],
];

const chosen = 'job=~"$job",instance=~"$instance"';

test.each(faults)('a dashboard %s is found', (_title, break_, finding) => {
  const dashboard = dashboards['bench-host']!();
  const panel = panelsOf(dashboard).find(({ id }) => id === 1) as Panel;

  break_(dashboard, panel, panel.targets?.[0] as unknown as Target);

  expect(findings(dashboard).join('\n')).toContain(finding);
});

test('a dashboard as it should be has no finding', () => {
  expect(findings(dashboards['bench-host']!())).toEqual([]);
});

interface Target {
  refId?: string;
  expr: string;
  datasource?: unknown;
}

function dropVariable(dashboard: Dashboard, dropped: string): void {
  dashboard.templating = { list: (dashboard.templating?.list ?? []).filter(({ name }) => name !== dropped) };
}

function nameVariableSource(dashboard: Dashboard): void {
  const variable = dashboard.templating?.list?.find(({ name }) => name === 'job');
  Object.assign(variable ?? {}, { datasource: { type: 'prometheus', uid: 'P1' } });
}

function hideLegend(dashboard: Dashboard): void {
  const panel = panelsOf(dashboard).find(({ type }) => type === 'timeseries');
  panel!.options.legend.showLegend = false;
}

function setUnit(panel: Panel, unit: string): void {
  Object.assign(panel.fieldConfig?.defaults ?? {}, { unit });
}

function replace(target: Target, from: string, to: string): void {
  target.expr = target.expr.replace(from, to);
}

function write(target: Target, expr: string): void {
  target.expr = expr;
}
