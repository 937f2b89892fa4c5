import * as metric from '../registry/metrics.ts';
import type { Distribution } from './histogramQuantile.ts';
import type { Reading } from './reading.ts';

/** The values of one instant that rates, windows and peaks are computed from later. */
export interface Observation {
  /** CLOCK_MONOTONIC, ns. */
  readonly timeNs: number;
  readonly requests: number | undefined;
  readonly errors: number | undefined;
  readonly durations: Distribution | undefined;
  readonly veniceDurations: Distribution | undefined;
  readonly balanceDiem: number | undefined;
}

export function observe(timeNs: number, reading: Reading): Observation {
  return {
    timeNs,
    requests: reading.total(metric.sidepanelRequests),
    errors: reading.total(metric.sidepanelRequests, { status: 'error' }),
    durations: reading.distribution(metric.sidepanelRequestDuration),
    veniceDurations: reading.distribution(metric.sidepanelVeniceRequestDuration),
    balanceDiem: reading.value(metric.sidepanelVeniceBalanceDiem),
  };
}
