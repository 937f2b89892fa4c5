import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import { latest } from './legend.ts';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

export interface FigureOptions extends PanelOptions {
  /** In words what a value means: `{ '1': { text: 'up' } }`. */
  readonly states?: Readonly<Record<string, dashboard.ValueMappingResult>>;
}

/** One figure for each series: now, or over the time shown. With thresholds or states, in their colours. */
export function figure(options: FigureOptions): PanelDefinition {
  return panel(options, { time: 'instant' }, () => {
    const builder = new stat.PanelBuilder()
      .reduceOptions(latest())
      .textMode(common.BigValueTextMode.ValueAndName)
      .colorMode(
        options.thresholds === undefined && options.states === undefined
          ? common.BigValueColorMode.None
          : common.BigValueColorMode.Value,
      )
      .graphMode(common.BigValueGraphMode.None);
    if (options.states !== undefined) {
      builder.mappings([{ type: dashboard.MappingType.ValueToText, options: options.states }]);
    }
    return builder;
  });
}

/** A figure of the time shown with its course behind it: current, mean, smallest or largest value. */
export function figureOfRange(
  options: FigureOptions,
  calculation: 'lastNotNull' | 'mean' | 'min' | 'max',
): PanelDefinition {
  return panel(options, { time: 'range' }, () =>
    new stat.PanelBuilder()
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs([calculation]))
      .textMode(common.BigValueTextMode.ValueAndName)
      .colorMode(options.thresholds === undefined ? common.BigValueColorMode.None : common.BigValueColorMode.Value)
      .graphMode(common.BigValueGraphMode.Area),
  );
}
