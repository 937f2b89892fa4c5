import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import { legendList } from './legend.ts';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

/** One row for each series, while it is in that state. `states` says in words what a value means. */
export function timeline(
  options: PanelOptions,
  states: Readonly<Record<string, dashboard.ValueMappingResult>>,
): PanelDefinition {
  return panel(options, { time: 'range' }, () =>
    new statetimeline.PanelBuilder()
      .mappings([{ type: dashboard.MappingType.ValueToText, options: states }])
      .showValue(common.VisibilityMode.Auto)
      .legend(legendList()),
  );
}
