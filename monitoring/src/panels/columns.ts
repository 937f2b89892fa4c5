import * as common from '@grafana/grafana-foundation-sdk/common';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { allAtPointer, legendTable } from './legend.ts';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

/** One column for each step of time, and the sum of all in the legend: what happened in a day. Its `leastStep` is the step. */
export function columns(options: PanelOptions & { readonly leastStep: string }): PanelDefinition {
  return panel(options, { time: 'range' }, () =>
    new timeseries.PanelBuilder()
      .drawStyle(common.GraphDrawStyle.Bars)
      // A point is at the end of its step.
      .barAlignment(common.BarAlignment.Before)
      .fillOpacity(60)
      .lineWidth(1)
      .legend(legendTable(['sum', 'mean', 'max']))
      .tooltip(allAtPointer()),
  );
}
