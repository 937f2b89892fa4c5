import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as loki from '@grafana/grafana-foundation-sdk/loki';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { dashboardLink, exemplarLink, logsLink, runbookLink, tracesLink } from '../queries/links.ts';
import type { PanelQuery } from '../queries/queryShape.ts';
import { logSource, metricSource } from '../queries/sources.ts';
import type { Steps } from '../queries/thresholds.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

/** What all kinds of panels have in common, as far as their builders let it be said once. */
interface Describable extends cog.Builder<dashboard.Panel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  noValue(noValue: string): this;
  min(min: number): this;
  max(max: number): this;
  decimals(decimals: number): this;
  interval(interval: string): this;
  timeFrom(timeFrom: string): this;
  thresholds(thresholds: cog.Builder<dashboard.ThresholdsConfig>): this;
  links(links: cog.Builder<dashboard.DashboardLink>[]): this;
  dataLinks(links: cog.Builder<dashboard.DashboardLink>[]): this;
  datasource(datasource: { type: string; uid: string }): this;
  withTarget(target: cog.Builder<cog.Dataquery>): this;
}

/** How a kind of panel asks its queries. */
export interface Asking {
  readonly time: 'range' | 'instant';
  readonly format?: prometheus.PromQueryFormat;
  readonly language?: 'promql' | 'logql';
}

/** A panel of one kind: `make` gives its builder, with what only that kind has. */
export function panel(options: PanelOptions, asking: Asking, make: () => Describable): PanelDefinition {
  const { id, title, width, height, queries } = options;
  const language = asking.language ?? 'promql';
  return {
    id,
    title,
    width,
    height,
    queries,
    language,
    instant: asking.time === 'instant',
    build: () => described(make(), options, asking).build(),
  };
}

function described<Builder extends Describable>(builder: Builder, options: PanelOptions, asking: Asking): Builder {
  const source = asking.language === 'logql' ? logSource : metricSource;
  const links = linksOf(options);
  builder
    .id(options.id)
    .title(options.title)
    .description(options.description)
    .unit(options.unit)
    .noValue(options.noValue)
    .thresholds(stepsOf(options))
    .datasource(source);
  if (options.min !== undefined) builder.min(options.min);
  if (options.max !== undefined) builder.max(options.max);
  if (options.decimals !== undefined) builder.decimals(options.decimals);
  if (options.leastStep !== undefined) builder.interval(options.leastStep);
  if (options.timeFrom !== undefined) builder.timeFrom(options.timeFrom);
  if (links.length > 0) builder.links(links.map(built));
  if (options.queries.some(({ exemplar }) => exemplar))
    builder.dataLinks([exemplarLink(), tracesLink(), logsLink()].map(built));
  options.queries.forEach((query, index) => {
    builder.withTarget(target(query, String.fromCharCode('A'.charCodeAt(0) + index), asking));
  });
  return builder;
}

function target(query: PanelQuery, refId: string, asking: Asking): cog.Builder<cog.Dataquery> {
  if (asking.language === 'logql') {
    return new loki.DataqueryBuilder().refId(refId).datasource(logSource).expr(query.expr).queryType('range');
  }
  const asked = new prometheus.DataqueryBuilder()
    .refId(refId)
    .datasource(metricSource)
    .expr(query.expr)
    .legendFormat(query.legend);
  if (asking.format !== undefined) asked.format(asking.format);
  if (query.exemplar) asked.exemplar(true);
  return asking.time === 'range' ? asked.range() : asked.instant();
}

/** Always with a step without a value: without it, Grafana puts its own at 80. */
function stepsOf({ thresholds, unit, title }: PanelOptions): cog.Builder<dashboard.ThresholdsConfig> {
  const { steps }: Steps = thresholds ?? { steps: [{ value: null, color: 'blue' }], unit };
  if (thresholds !== undefined && thresholds.unit !== unit && unit !== units.NoUnit) {
    throw new RangeError(`"${title}" shows ${unit} and has thresholds in ${thresholds.unit}. Make both the same.`);
  }
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps([...steps]);
}

function linksOf({ alerts = [], opens = [], explores = [] }: PanelOptions): dashboard.DashboardLink[] {
  return [
    ...alerts.map(runbookLink),
    ...opens.map(([name, title]) => dashboardLink(name, title)),
    ...explores.map((what) => (what === 'logs' ? logsLink() : tracesLink())),
  ];
}

function built<Value>(value: Value): cog.Builder<Value> {
  return { build: () => value };
}
