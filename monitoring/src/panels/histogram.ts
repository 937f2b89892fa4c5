import * as grafana from '@grafana/grafana-foundation-sdk/histogram';
import { allAtPointer, legendTable } from './legend.ts';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

/** How often each value was seen in the time shown. Grafana counts the points of the queries. */
export function histogram(options: PanelOptions): PanelDefinition {
  return panel(options, { time: 'range' }, () =>
    new grafana.PanelBuilder()
      .bucketCount(30)
      .fillOpacity(60)
      .legend(legendTable(['mean', 'max']))
      .tooltip(allAtPointer()),
  );
}
