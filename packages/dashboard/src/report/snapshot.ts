import type { Chart } from '../model/charts.ts';
import type { Dashboard } from '../model/dashboard.ts';
import type { Histogram } from '../model/histogram.ts';
import type { Scatter } from '../model/scatter.ts';
import type { DashboardView } from '../model/view.ts';
import type { ViewOptions } from '../model/viewOptions.ts';

/** All that a dashboard shows at one time, for pictures and reports. */
export interface Snapshot {
  readonly view: DashboardView;
  readonly chart: Chart;
  readonly histogram: Histogram | undefined;
  readonly scatter: Scatter;
}

/** Parts of the range that a curve has. */
const pixels = 1_100;
/** Ranges of the histogram, and points of the scatter, as in the page. */
const [mostRanges, mostPoints] = [40, 1_500];

/** All that `dashboard` shows with these options at `nowMs`. */
export function snapshotOf(dashboard: Dashboard, options: ViewOptions, nowMs: number): Snapshot {
  return {
    view: dashboard.view(options, nowMs),
    chart: dashboard.chart(options, nowMs, pixels),
    histogram: dashboard.histogram(options, nowMs, mostRanges),
    scatter: dashboard.scatter(options, nowMs, mostPoints),
  };
}
