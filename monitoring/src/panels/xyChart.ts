import * as xychart from '@grafana/grafana-foundation-sdk/xychart';
import { allAtPointer, legendList } from './legend.ts';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

export interface XyChartOptions extends PanelOptions {
  /** The legends of the two queries, each of one series: what stands on the axes. */
  readonly x: string;
  readonly y: string;
  /** Grafana's unit of `x`; that of `y` is the unit of the panel. */
  readonly xUnit: string;
}

/** One point for each time at which both queries have a value: whether one grows with the other. */
export function xyChart(options: XyChartOptions): PanelDefinition {
  const { x, y, xUnit } = options;
  return panel(options, { time: 'range' }, () =>
    new xychart.PanelBuilder()
      .mapping(xychart.SeriesMapping.Manual)
      .series([
        {
          build: () => ({
            name: { fixed: `${y} by ${x}` },
            frame: { matcher: { id: 'byIndex', options: 0 } },
            x: { matcher: { id: 'byName', options: x } },
            y: { matcher: { id: 'byName', options: y } },
          }),
        },
      ])
      .show(xychart.XYShowMode.Points)
      .pointSize({ fixed: 5 })
      .legend(legendList())
      .tooltip(allAtPointer())
      .overrideByName(x, [
        { id: 'unit', value: xUnit },
        { id: 'custom.axisLabel', value: x },
      ])
      .overrideByName(y, [{ id: 'custom.axisLabel', value: y }])
      // Two frames with a time each to one, so that a point has both values.
      .withTransformation({ id: 'joinByField', options: { byField: 'Time', mode: 'inner' } }),
  );
}
