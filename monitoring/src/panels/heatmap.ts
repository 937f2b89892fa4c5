import * as common from '@grafana/grafana-foundation-sdk/common';
import * as grafana from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

/** How values are spread over the buckets of a histogram, and how that changes. Of one query: `heat(metric)`. */
export function heatmap(options: PanelOptions): PanelDefinition {
  return panel(options, { time: 'range', format: prometheus.PromQueryFormat.Heatmap }, () =>
    new grafana.PanelBuilder()
      // The buckets are made by the histogram.
      .calculate(false)
      .cellGap(1)
      .color(
        new grafana.HeatmapColorOptionsBuilder()
          .mode(grafana.HeatmapColorMode.Scheme)
          // Also by lightness, so that it reads without colour.
          .scheme('Oranges')
          .steps(64),
      )
      .yAxis(new grafana.YAxisConfigBuilder().unit(options.unit).axisPlacement(common.AxisPlacement.Left))
      .tooltip(
        new grafana.HeatmapTooltipBuilder()
          .mode(common.TooltipDisplayMode.Single)
          .yHistogram(true)
          .showColorScale(true),
      )
      .rowsFrame(new grafana.RowsHeatmapOptionsBuilder().layout(common.HeatmapCellLayout.Auto))
      .showLegend(),
  );
}
