import { LegendDisplayMode, TimeSeries, type VizLegendOptions } from '@grafana/ui';
import type { ReactElement } from 'react';
import { type KindProps, option } from './kind.ts';

/** Grafana's own: lines, bars and points over time, with axes, stacks, thresholds and legend. */
export function TimeSeriesKind({ panel, frames, range, width, height }: KindProps): ReactElement {
  const legend = option<VizLegendOptions>(panel, 'legend', {
    showLegend: true,
    displayMode: LegendDisplayMode.List,
    placement: 'bottom',
    calcs: [],
  });
  return <TimeSeries frames={frames} width={width} height={height} timeRange={range} timeZone="utc" legend={legend} />;
}
