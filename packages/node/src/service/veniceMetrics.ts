import { metric } from '@benchlab-otel/core';
import { histogramQuantile, increase } from './histogramQuantile.ts';
import type { Moment } from './moment.ts';

/** What the AI API grants, takes and costs. What was not measured is undefined. */
export interface VeniceMetrics {
  readonly timestamp: Date;
  readonly balanceDiem: number | undefined;
  readonly balanceUsd: number | undefined;
  /** Diem an hour, over the last hour or since the first observation, once that is a minute ago. A refill burns nothing. */
  readonly burnRate: number | undefined;
  /** Seconds, 0 when it is due. */
  readonly timeToReset: number | undefined;
  /** Since the process started, as the other totals. */
  readonly promptTokens: number | undefined;
  readonly completionTokens: number | undefined;
  readonly totalTokens: number | undefined;
  /** US dollars. */
  readonly totalCost: number | undefined;
  readonly requestsTotal: number | undefined;
  /** 0 when there were requests and none failed. */
  readonly errorsTotal: number | undefined;
  /** Seconds, of the requests of the last five minutes, interpolated within their buckets; so is the next. */
  readonly latencyP50: number | undefined;
  readonly latencyP95: number | undefined;
  readonly rateLimitRemaining: number | undefined;
  readonly rateLimitTotal: number | undefined;
}

const NS_PER_MINUTE = 60e9;
const NS_PER_HOUR = 60 * NS_PER_MINUTE;

export function veniceMetrics(moment: Moment): VeniceMetrics {
  const { reading, now, observations, timestamp } = moment;
  const window = observations.before(now.timeNs, 5 * NS_PER_MINUTE);
  const durations = window && now.veniceDurations && increase(now.veniceDurations, window.veniceDurations);
  const latency = (q: number) => durations && histogramQuantile(q, durations);
  const resetAtSeconds = reading.value(metric.sidepanelVeniceResetTimestamp);
  const requestsTotal = reading.total(metric.sidepanelVeniceRequests);
  const errors = reading.total(metric.sidepanelVeniceRequests, { status: 'error' });
  return {
    timestamp,
    balanceDiem: now.balanceDiem,
    balanceUsd: reading.value(metric.sidepanelVeniceBalanceUsd),
    burnRate: burnRate(moment),
    timeToReset: resetAtSeconds === undefined ? undefined : Math.max(0, resetAtSeconds - timestamp.getTime() / 1000),
    promptTokens: reading.total(metric.sidepanelVeniceTokens, { type: 'prompt' }),
    completionTokens: reading.total(metric.sidepanelVeniceTokens, { type: 'completion' }),
    totalTokens: reading.total(metric.sidepanelVeniceTokens),
    totalCost: reading.total(metric.sidepanelVeniceCostUsd),
    requestsTotal,
    errorsTotal: requestsTotal === undefined ? undefined : (errors ?? 0),
    latencyP50: latency(0.5),
    latencyP95: latency(0.95),
    rateLimitRemaining: reading.value(metric.sidepanelVeniceRateLimitRemaining),
    rateLimitTotal: reading.value(metric.sidepanelVeniceRateLimit),
  };
}

/** Every fall of the balance between two observations, an hour. */
function burnRate({ now, observations }: Moment): number | undefined {
  const first = observations.before(now.timeNs, NS_PER_HOUR);
  if (first === undefined) return undefined;
  let burnt = 0;
  let beganNs: number | undefined;
  let balance: number | undefined;
  for (const each of [...observations.all.filter(({ timeNs }) => timeNs >= first.timeNs && timeNs < now.timeNs), now]) {
    if (each.balanceDiem === undefined) continue;
    burnt += Math.max(0, (balance ?? each.balanceDiem) - each.balanceDiem);
    balance = each.balanceDiem;
    beganNs ??= each.timeNs;
  }
  const elapsedNs = now.timeNs - (beganNs ?? now.timeNs);
  return elapsedNs < NS_PER_MINUTE ? undefined : (burnt * NS_PER_HOUR) / elapsedNs;
}
