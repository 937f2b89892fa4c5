import * as common from '@grafana/grafana-foundation-sdk/common';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { allAtPointer, legendTable } from './legend.ts';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

export interface LineOptions extends StackedOptions {
  /** Another scale on the right for the series of one query, by its refId, with its unit. */
  readonly right?: { readonly refId: string; readonly unit: string };
}

export interface StackedOptions extends PanelOptions {
  /** Beside the lines, for more than four of them: Grafana gives a legend below at most a third of the height. */
  readonly legendAt?: 'right';
}

/** Lines over time, with the latest, mean and largest value of each in the legend. Thresholds are dashed lines. */
export function lines(options: LineOptions): PanelDefinition {
  return panel(options, { time: 'range' }, () => line(options));
}

/** Lines filled and put on top of each other: the outline is the sum. */
export function stacked(options: StackedOptions): PanelDefinition {
  return panel(options, { time: 'range' }, () =>
    line(options)
      .fillOpacity(30)
      .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A')),
  );
}

function line(options: LineOptions): timeseries.PanelBuilder {
  const builder = new timeseries.PanelBuilder()
    .legend(legendTable(undefined, options.legendAt))
    .tooltip(allAtPointer())
    .lineWidth(1)
    // A series that ends is a device that is gone: no line across the gap.
    .spanNulls(false)
    .showPoints(common.VisibilityMode.Auto);
  if (options.thresholds !== undefined) {
    builder.thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
    );
  }
  if (options.right !== undefined) {
    builder.overrideByQuery(options.right.refId, [
      { id: 'unit', value: options.right.unit },
      { id: 'custom.axisPlacement', value: common.AxisPlacement.Right },
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
    ]);
  }
  return builder;
}
