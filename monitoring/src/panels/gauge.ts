import * as common from '@grafana/grafana-foundation-sdk/common';
import * as grafana from '@grafana/grafana-foundation-sdk/gauge';
import type { Steps } from '../queries/thresholds.ts';
import { latest } from './legend.ts';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

/** A gauge is nothing without its ends and its steps. */
export interface GaugeOptions extends PanelOptions {
  readonly min: number;
  readonly max: number;
  readonly thresholds: Steps;
}

/** One dial for each series, between two ends. */
export function gauge(options: GaugeOptions): PanelDefinition {
  return panel(options, { time: 'instant' }, () =>
    new grafana.PanelBuilder()
      .reduceOptions(latest())
      .orientation(common.VizOrientation.Auto)
      // The numbers at the steps: the colour alone does not tell.
      .showThresholdLabels(true)
      .showThresholdMarkers(true),
  );
}
