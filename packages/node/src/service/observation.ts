import { metric } from '@benchlab-otel/core';
import type { Distribution } from './histogramQuantile.ts';
import type { Reading } from './reading.ts';

/** What has to be remembered of one instant, so that rates, windows and peaks can be told later. */
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
