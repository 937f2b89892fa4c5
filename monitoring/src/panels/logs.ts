import * as common from '@grafana/grafana-foundation-sdk/common';
import * as grafana from '@grafana/grafana-foundation-sdk/logs';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

/** Log lines, the newest first. Its query is LogQL, which the stack tests parse and do not run: there is no Loki among the servers. */
export function logs(options: PanelOptions): PanelDefinition {
  return panel(options, { time: 'range', language: 'logql' }, () =>
    new grafana.PanelBuilder()
      .showTime(true)
      .wrapLogMessage(true)
      .enableLogDetails(true)
      .sortOrder(common.LogsSortOrder.Descending)
      .dedupStrategy(common.LogsDedupStrategy.None),
  );
}
