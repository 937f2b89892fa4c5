import { metric as coreMetric } from '@benchlab-otel/core';
import * as metric from '../registry/metrics.ts';
import { histogramQuantile, increase } from './histogramQuantile.ts';
import type { Moment } from './moment.ts';
import type { HealthStatus } from './recordHealth.ts';

/** The state of the service. A value that was not measured is undefined. */
export interface SystemMetrics {
  readonly timestamp: Date;
  /**
   * `unhealthy` when the latest health check found that. `degraded` when it found that, when over 5 % of the requests of
   * the last five minutes failed, or when their p95 is over one second (the thresholds of the alerts HighErrorRate and
   * HighLatency). Else `healthy`. Undefined before the first health check or request.
   */
  readonly status: HealthStatus | undefined;
  /** Seconds. */
  readonly uptime: number | undefined;
  readonly activeConnections: number | undefined;
  /** The greatest number of open connections in any observation. */
  readonly peakConnections: number | undefined;
  readonly totalConnections: number | undefined;
  /** Over the last minute, or since the first observation. */
  readonly requestsPerMinute: number | undefined;
  readonly requestsTotal: number | undefined;
  /** Share of the requests of the last five minutes that failed, 0 to 1. */
  readonly errorRate: number | undefined;
  /** Seconds. This and the next two cover the last five minutes and are interpolated within the buckets. */
  readonly latencyP50: number | undefined;
  readonly latencyP95: number | undefined;
  readonly latencyP99: number | undefined;
  /** Percent; of several disks the fullest. */
  readonly cpuUsage: number | undefined;
  readonly memoryUsage: number | undefined;
  readonly diskUsage: number | undefined;
}

const errorRateLimit = 0.05;
const latencyLimitSeconds = 1;
const nsPerMinute = 60e9;

export function systemMetrics(moment: Moment): SystemMetrics {
  const { reading, now, observations, peakConnections, timestamp } = moment;
  const window = observations.before(now.timeNs, 5 * nsPerMinute);
  const requests = window && difference(now.requests, window.requests);
  const errors = window && difference(now.errors ?? 0, window.errors);
  const errorRate = requests && errors !== undefined ? errors / requests : undefined;
  const durations = window && now.durations && increase(now.durations, window.durations);
  const latency = (q: number) => durations && histogramQuantile(q, durations);
  const latencyP95 = latency(0.95);
  return {
    timestamp,
    status: statusOf(moment, errorRate, latencyP95),
    uptime: reading.value(metric.sidepanelUptime),
    activeConnections: reading.value(metric.sidepanelWsActiveConnections),
    peakConnections,
    totalConnections: reading.total(metric.sidepanelWsConnections),
    requestsPerMinute: requestsPerMinute(moment),
    requestsTotal: now.requests,
    errorRate,
    latencyP50: latency(0.5),
    latencyP95,
    latencyP99: latency(0.99),
    cpuUsage: reading.value(coreMetric.systemCpuUsage),
    memoryUsage: reading.value(coreMetric.systemMemoryUsage),
    diskUsage: reading.value(coreMetric.systemDiskUsage),
  };
}

function statusOf({ reading, now }: Moment, errorRate = 0, latencyP95 = 0): HealthStatus | undefined {
  const isFound = (status: HealthStatus) => reading.value(metric.sidepanelHealthStatus, { status }) === 1;
  if (isFound('unhealthy')) return 'unhealthy';
  if (isFound('degraded') || errorRate > errorRateLimit || latencyP95 > latencyLimitSeconds) return 'degraded';
  return isFound('healthy') || now.requests !== undefined ? 'healthy' : undefined;
}

function requestsPerMinute({ now, observations }: Moment): number | undefined {
  const before = observations.before(now.timeNs, nsPerMinute);
  const requests = before && difference(now.requests, before.requests);
  return requests === undefined || before === undefined
    ? undefined
    : (requests * nsPerMinute) / (now.timeNs - before.timeNs);
}

/** A counter that did not exist before began at 0; one that has fallen was reset to 0 in between. */
function difference(now: number | undefined, before = 0): number | undefined {
  if (now === undefined) return undefined;
  return now >= before ? now - before : now;
}
