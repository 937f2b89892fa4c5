import * as common from '@grafana/grafana-foundation-sdk/common';

/** A table of the latest, mean and largest value of each series: below the panel, or beside it where that is too low for all lines. */
export function legendTable(
  calculations: readonly string[] = ['lastNotNull', 'mean', 'max'],
  placement: 'bottom' | 'right' = 'bottom',
): common.VizLegendOptionsBuilder {
  return new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(common.LegendDisplayMode.Table)
    .placement(placement === 'right' ? common.LegendPlacement.Right : common.LegendPlacement.Bottom)
    .calcs([...calculations]);
}

/** Names only, where values are states or bars. */
export function legendList(): common.VizLegendOptionsBuilder {
  return new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom);
}

/** The latest value of each series: a figure, a gauge, a bar. */
export function latest(): common.ReduceDataOptionsBuilder {
  return new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']);
}

/** Every series at the pointer, the largest first. */
export function allAtPointer(): common.VizTooltipOptionsBuilder {
  return new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending);
}
