import { type Interval, promDuration } from './interval.ts';
import type { TimeRange } from './timeRange.ts';
import { builtIn, type Variable } from './variables.ts';

/** The variables of https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#global-variables */
export function globalVariables({ fromMs, toMs }: TimeRange, { stepMs, rateIntervalMs }: Interval): Variable[] {
  const rangeMs = toMs - fromMs;
  return builtIn({
    __interval: promDuration(stepMs),
    __interval_ms: String(stepMs),
    __rate_interval: promDuration(rateIntervalMs),
    __rate_interval_ms: String(rateIntervalMs),
    __range: promDuration(Math.round(rangeMs / 1000) * 1000),
    __range_s: String(Math.round(rangeMs / 1000)),
    __range_ms: String(rangeMs),
    __from: String(fromMs),
    __to: String(toMs),
  });
}
