import type { ComponentType } from 'react';
import { BarChartKind } from './barChart.tsx';
import { BarGaugeKind } from './barGauge.tsx';
import { GaugeKind } from './gauge.tsx';
import { HeatmapKind } from './heatmap.tsx';
import { HistogramKind } from './histogram.tsx';
import type { KindProps } from './kind.ts';
import { StatKind } from './stat.tsx';
import { StateTimelineKind } from './stateTimeline.tsx';
import { TableKind } from './table.tsx';
import { TextKind } from './text.tsx';
import { TimeSeriesKind } from './timeSeries.tsx';
import { XyChartKind } from './xyChart.tsx';

/** Who draws a kind of panel: Grafana's packages, or this folder where they lack it. */
export const kinds: Readonly<Record<string, { readonly draw: ComponentType<KindProps>; readonly isOurs?: true }>> = {
  timeseries: { draw: TimeSeriesKind },
  stat: { draw: StatKind },
  bargauge: { draw: BarGaugeKind },
  table: { draw: TableKind },
  text: { draw: TextKind },
  gauge: { draw: GaugeKind, isOurs: true },
  'state-timeline': { draw: StateTimelineKind, isOurs: true },
  heatmap: { draw: HeatmapKind, isOurs: true },
  histogram: { draw: HistogramKind, isOurs: true },
  barchart: { draw: BarChartKind, isOurs: true },
  xychart: { draw: XyChartKind, isOurs: true },
};
