import type { MetricDefinition } from '@benchlab-otel/core';
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { grafanaUnit } from './grafanaUnit.ts';

/** The variable, not a name: a dashboard is provisioned into an installation whose data sources it does not know. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable
export const datasource = { type: 'prometheus', uid: '${datasource}' };

export interface PanelOptions {
  /** Never changes once published: links and alerts point at it, and Grafana's v2 migration dropped panels without. */
  readonly id: number;
  readonly title: string;
  /** What it shows, why one looks at it, and what to do when it looks wrong. */
  readonly description: string;
  /** The metric whose unit the values have. */
  readonly metric: MetricDefinition;
  /** `rate`: the queries give the metric's change per second. */
  readonly shows?: 'value' | 'rate';
  readonly queries: readonly PanelQuery[];
  /** Shown instead of an empty panel. */
  readonly noValue: string;
  /** Grid columns of 24, and rows of 30 pixels. */
  readonly width: number;
  readonly height: number;
}

interface PanelQuery {
  readonly expr: string;
  readonly legend: string;
}

/** Lines over time, with the latest, mean and largest value of each in the legend. */
export function lines(options: PanelOptions): timeseries.PanelBuilder {
  return (
    described(new timeseries.PanelBuilder(), options, 'range')
      .legend(
        new common.VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(common.LegendDisplayMode.Table)
          .placement(common.LegendPlacement.Bottom)
          .calcs(['lastNotNull', 'mean', 'max']),
      )
      .tooltip(
        new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
      )
      .lineWidth(1)
      // A series that ends is a device that is gone: no line across the gap.
      .spanNulls(false)
      .showPoints(common.VisibilityMode.Auto)
  );
}

/** Lines filled and put on top of each other: the outline is the sum. */
export function stacked(options: PanelOptions): timeseries.PanelBuilder {
  return lines(options)
    .fillOpacity(30)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
}

/** One figure for each series: now, or over the time shown. */
export function figure(options: PanelOptions): stat.PanelBuilder {
  return described(new stat.PanelBuilder(), options, 'instant')
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .textMode(common.BigValueTextMode.ValueAndName)
    .colorMode(common.BigValueColorMode.None)
    .graphMode(common.BigValueGraphMode.None);
}

/** One bar for each series, over the time shown. */
export function bars(options: PanelOptions): bargauge.PanelBuilder {
  return described(new bargauge.PanelBuilder(), options, 'instant')
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .orientation(common.VizOrientation.Horizontal)
    .valueMode(common.BarGaugeValueMode.Text);
}

/** One row for each series, while it is in that state. `states` says in words what a value means. */
export function timeline(
  options: PanelOptions,
  states: Readonly<Record<string, dashboard.ValueMappingResult>>,
): statetimeline.PanelBuilder {
  return described(new statetimeline.PanelBuilder(), options, 'range')
    .mappings([{ type: dashboard.MappingType.ValueToText, options: states }])
    .showValue(common.VisibilityMode.Auto)
    .legend(new common.VizLegendOptionsBuilder().showLegend(true).displayMode(common.LegendDisplayMode.List));
}

/** What all kinds of panels have in common, as far as their builders let it be said once. */
interface Describable extends cog.Builder<dashboard.Panel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  noValue(noValue: string): this;
  span(columns: number): this;
  height(rows: number): this;
  datasource(datasource: { type: string; uid: string }): this;
  withTarget(target: cog.Builder<cog.Dataquery>): this;
}

function described<Builder extends Describable>(
  builder: Builder,
  options: PanelOptions,
  time: 'range' | 'instant',
): Builder {
  builder
    .id(options.id)
    .title(options.title)
    .description(options.description)
    .unit(grafanaUnit(options.metric, options.shows))
    .noValue(options.noValue)
    .span(options.width)
    .height(options.height)
    .datasource(datasource);
  options.queries.forEach(({ expr, legend }, index) => {
    const query = new prometheus.DataqueryBuilder()
      .refId(String.fromCharCode('A'.charCodeAt(0) + index))
      .datasource(datasource)
      .expr(expr)
      .legendFormat(legend);
    builder.withTarget(time === 'range' ? query.range() : query.instant());
  });
  return builder;
}
