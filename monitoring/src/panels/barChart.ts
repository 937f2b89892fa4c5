import * as barchart from '@grafana/grafana-foundation-sdk/barchart';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { allAtPointer, legendTable } from './legend.ts';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

export interface BarChartOptions extends PanelOptions {
  /** The label that each bar stands for. */
  readonly bar: string;
  /** The label whose values each bar is made of, put on top of each other. */
  readonly part: string;
}

/** One bar for each value of a label, made of the values of another one. Of one query that returns both. */
export function barChart(options: BarChartOptions): PanelDefinition {
  return panel(options, { time: 'instant', format: prometheus.PromQueryFormat.Table }, () =>
    new barchart.PanelBuilder()
      .xField(`${options.bar}\\${options.part}`)
      .orientation(common.VizOrientation.Horizontal)
      .stacking(common.StackingMode.Normal)
      .showValue(common.VisibilityMode.Auto)
      .legend(legendTable(['sum']))
      .tooltip(allAtPointer())
      // Rows of a table to one row for each bar. Grafana names the first column after both labels.
      .withTransformation({
        id: 'groupingToMatrix',
        options: { rowField: options.bar, columnField: options.part, valueField: 'Value' },
      }),
  );
}
