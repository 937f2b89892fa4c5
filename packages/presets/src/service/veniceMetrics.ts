import * as metric from '../registry/metrics.ts';
import { histogramQuantile, increase } from './histogramQuantile.ts';
import type { Moment } from './moment.ts';

/** What the AI API grants, takes and costs. A value that was not measured is undefined. */
export interface VeniceMetrics {
  readonly timestamp: Date;
  readonly balanceDiem: number | undefined;
  readonly balanceUsd: number | undefined;
  /**
   * Diem an hour, over the last hour or since the first observation. Undefined in the first minute. A refill of the
   * balance does not count.
   */
  readonly burnRate: number | undefined;
  /** Seconds, 0 when it is due. */
  readonly timeToReset: number | undefined;
  /** Since the process started; so are the other totals. */
  readonly promptTokens: number | undefined;
  readonly completionTokens: number | undefined;
  readonly totalTokens: number | undefined;
  /** US dollars. */
  readonly totalCost: number | undefined;
  readonly requestsTotal: number | undefined;
  /** 0 when there were requests and none failed. */
  readonly errorsTotal: number | undefined;
  /** Seconds. This and the next cover the last five minutes and are interpolated within the buckets. */
  readonly latencyP50: number | undefined;
  readonly latencyP95: number | undefined;
  readonly rateLimitRemaining: number | undefined;
  readonly rateLimitTotal: number | undefined;
}

const nsPerMinute = 60e9;
const nsPerHour = 60 * nsPerMinute;

export function veniceMetrics(moment: Moment): VeniceMetrics {
  const { reading, now, observations, timestamp } = moment;
  const window = observations.before(now.timeNs, 5 * nsPerMinute);
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

/** The sum of all falls of the balance between two observations, for each hour. */
function burnRate({ now, observations }: Moment): number | undefined {
  const first = observations.before(now.timeNs, nsPerHour);
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
  return elapsedNs < nsPerMinute ? undefined : (burnt * nsPerHour) / elapsedNs;
}
