import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import { latest } from './legend.ts';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

/** One bar for each series, over the time shown. From 0 on: Grafana starts a bar at the smallest value else, which then has none. */
export function bars(options: PanelOptions): PanelDefinition {
  return panel({ min: 0, ...options }, { time: 'instant' }, () =>
    new bargauge.PanelBuilder()
      .reduceOptions(latest())
      .displayMode(common.BarGaugeDisplayMode.Basic)
      .orientation(common.VizOrientation.Horizontal)
      .valueMode(common.BarGaugeValueMode.Text),
  );
}
