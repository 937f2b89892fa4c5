import { readFileSync } from 'node:fs';
import { type MetricDefinition, prometheusName } from '@benchlab-otel/core';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { grafanaUnit, unitNamed } from './queries/grafanaUnit.ts';
import { metricSource as templated } from './queries/sources.ts';
import { registry } from './registry.ts';

/** A query as the dashboard's JSON has it. */
export interface Target {
  readonly refId?: string;
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly datasource?: unknown;
}

const foreign = JSON.parse(readFileSync(new URL('../foreign-series.json', import.meta.url), 'utf8')) as {
  readonly programs: readonly { readonly series: readonly { readonly name: string }[] }[];
};
const foreignNames = new Set(foreign.programs.flatMap(({ series }) => series.map(({ name }) => name)));
/** What Prometheus makes itself, and what every OTLP sender has. */
const ofPrometheus = new Set(['up', 'ALERTS', 'target_info']);
const byName = new Map(registry.metrics.map((definition) => [prometheusName(definition), definition]));
const counters = [...byName].filter(([, { instrument }]) => instrument === 'counter').map(([name]) => name);
const gauges = [...byName].filter(([, { instrument }]) => instrument === 'gauge').map(([name]) => name);

/** Every panel, also inside collapsed rows. */
export function panelsOf(dashboard: Dashboard): readonly Panel[] {
  return (dashboard.panels ?? []).flatMap((panel) => (isRow(panel) ? panel.panels : [panel]));
}

/** Every query of a panel. */
export function queriesOf(panel: Panel): readonly Target[] {
  return (panel.targets ?? []) as readonly Target[];
}

/** What is wrong with a dashboard, one sentence each: the rules that every dashboard here keeps. */
export function findings(dashboard: Dashboard): readonly string[] {
  return [...dashboardFindings(dashboard), ...panelsOf(dashboard).flatMap(panelFindings)];
}

function dashboardFindings(dashboard: Dashboard): string[] {
  const ids = panelsOf(dashboard).map(({ id }) => id);
  const variables = dashboard.templating?.list ?? [];
  const asksTargets = panelsOf(dashboard).some((panel) => queriesOf(panel).some(({ expr }) => isOfTargets(expr ?? '')));
  const annotations = dashboard.annotations?.list ?? [];
  return [
    ...when(!dashboard.uid, 'it has no uid: links to it break at every import.'),
    ...when(dashboard.editable !== false, 'it is editable: changes in the browser would be lost at the next start.'),
    ...when(new Set(ids).size < ids.length, 'two panels have the same id.'),
    ...when(annotations.length === 0, 'it has no annotations: Grafana expects at least its own.'),
    ...when(
      variables.find(({ name }) => name === 'datasource')?.type !== 'datasource',
      'it has no variable "datasource" of type datasource.',
    ),
    ...['job', 'instance'].flatMap((name) =>
      when(asksTargets && !variables.some((variable) => variable.name === name), `it has no variable "${name}".`),
    ),
    ...[...variables.filter(({ type }) => type === 'query'), ...annotations]
      .filter(({ datasource }) => !isTemplated(datasource) && datasource?.type !== 'grafana')
      .map(({ name }) => `"${name}" has a data source of its own instead of ${templated.uid}.`),
  ];
}

function panelFindings(panel: Panel): string[] {
  // LogQL is checked by its own grammar elsewhere.
  const isLogs = panel.type === 'logs';
  const queries = queriesOf(panel);
  const unit = panel.fieldConfig?.defaults.unit;
  const used = isLogs ? [] : queries.flatMap(({ expr }) => namesIn(expr ?? ''));
  // A quotient and a conversion have a unit of their own.
  const isPlain = queries.every(({ expr }) => !/[)}] [/*+-] |changes\(|count\(|histogram_quantile/.test(expr ?? ''));
  const known = used.flatMap((name) => byName.get(name) ?? []);
  const units = new Set(known.flatMap((definition) => [...unitsOf(definition)]));
  return [
    ...when(!panel.id, 'it has no id: older Grafana drops it when it migrates the dashboard.'),
    ...when(!panel.title, 'it has no title.'),
    ...when(!panel.description, 'it has no description.'),
    ...when(!unit, 'it has no unit.'),
    ...when(!panel.fieldConfig?.defaults.noValue, 'it does not say what an empty panel means.'),
    ...when(!isLogs && !isTemplated(panel.datasource), `its data source is not ${templated.uid}.`),
    ...when(queries.length === 0, 'it has no query.'),
    ...when(hasLegend(panel) && !panel.options.legend.showLegend, 'its legend is hidden, which is the default.'),
    ...when(new Set(queries.map(({ refId }) => refId)).size < queries.length, 'two queries have the same refId.'),
    ...used.filter((name) => !isKnown(name)).map((name) => `${name} is not in the registry.`),
    ...when(
      isPlain && Boolean(unit) && known.length > 0 && !units.has(unit ?? ''),
      `its unit is not that of ${used.join(', ')}.`,
    ),
    ...(isLogs ? [] : queries.flatMap(queryFindings)),
  ].map((finding) => `panel ${panel.id ?? '?'} "${panel.title ?? ''}": ${finding}`);
}

function queryFindings({ refId, expr = '', datasource }: Target): string[] {
  return [
    ...when(!refId, 'a query has no refId.'),
    ...when(!isTemplated(datasource), `a query has a data source other than ${templated.uid}.`),
    ...when(expr === '', 'a query is empty.'),
    ...when(isOfTargets(expr) && !expr.includes('job=~"$job"'), 'a query does not follow the variable in job=~"$job".'),
    // A recording rule may have dropped the instance; a run is an instance.
    ...when(
      isOfTargets(expr) && !/instance=~"\$(instance|baseline)"/.test(expr) && !expr.includes(':'),
      'a query does not follow the variable in instance=~"$instance".',
    ),
    ...when(/\[\d+(ms|[smhdwy])\]/.test(expr), 'a query has a fixed range: use $__rate_interval or $__range.'),
    ...counters.flatMap((name) =>
      when(
        uses(expr, name) && !isIn(expr, name, 'rate|increase'),
        `the counter ${name} is outside rate() and increase().`,
      ),
    ),
    ...gauges.flatMap((name) =>
      when(uses(expr, name) && isIn(expr, name, 'rate|irate|increase'), `the gauge ${name} is inside rate().`),
    ),
  ];
}

/** Objectives and alerts are of a whole installation: their series have no job. */
function isOfTargets(expr: string): boolean {
  const names = namesIn(expr);
  return names.length === 0 || !names.every((name) => name === 'ALERTS' || name.startsWith('slo:'));
}

/** The names of series in an expression: what stands before the braces that every selector here has. */
function namesIn(expr: string): string[] {
  return [...expr.matchAll(/([a-zA-Z_:][a-zA-Z0-9_:]*)\{/g)].map(([, name]) => name ?? '');
}

function uses(expr: string, name: string): boolean {
  return namesIn(expr).includes(name);
}

/** Of the registry, of its histograms, of another program, or of a recording rule. */
function isKnown(name: string): boolean {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  const histogram = byName.get(base)?.instrument === 'histogram';
  return (
    byName.has(name) ||
    histogram ||
    foreignNames.has(name) ||
    foreignNames.has(base) ||
    name.includes(':') ||
    ofPrometheus.has(name)
  );
}

function isIn(expr: string, name: string, functions: string): boolean {
  return new RegExp(`\\b(${functions})\\(${name}\\{`).test(expr);
}

function unitsOf(definition: MetricDefinition): string[] {
  // A unit would change the name of the series: such a metric states it in its description.
  if (definition.unit === '') return ['', '1', '%'].map((unit) => unitNamed(unit));
  return definition.instrument === 'counter'
    ? [grafanaUnit(definition), grafanaUnit(definition, 'rate')]
    : [grafanaUnit(definition)];
}

function isTemplated(datasource: unknown): boolean {
  return (datasource as { uid?: string } | undefined)?.uid === templated.uid;
}

function hasLegend(panel: Panel): boolean {
  return panel.type === 'timeseries' || panel.type === 'state-timeline';
}

function isRow(panel: Panel | RowPanel): panel is RowPanel {
  return panel.type === 'row';
}

function when(condition: boolean, finding: string): string[] {
  return condition ? [finding] : [];
}
