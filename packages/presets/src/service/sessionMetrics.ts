import type { MetricDefinition } from '@benchlab-otel/core';
import * as metric from '../registry/metrics.ts';
import type { Moment } from './moment.ts';

/** The sessions of the service. A value that was not measured is undefined. */
export interface SessionMetrics {
  readonly timestamp: Date;
  readonly activeSessions: number | undefined;
  /** Created since the process started. */
  readonly totalSessions: number | undefined;
  /** Created since midnight UTC, or since the process started if that was later. */
  readonly sessionsCreatedToday: number | undefined;
  /** Seconds. This and the next two are averages over the sessions that have ended since the process started. */
  readonly avgDuration: number | undefined;
  readonly avgMessages: number | undefined;
  readonly avgTokens: number | undefined;
  /** Model to its share of the requests to the AI API, 0 to 1; the shares sum to 1. */
  readonly modelUsage: Readonly<Record<string, number>> | undefined;
}

export function sessionMetrics(moment: Moment): SessionMetrics {
  const { reading, timestamp, sessionsAtMidnight } = moment;
  const totalSessions = reading.total(metric.sidepanelSessionsCreated);
  return {
    timestamp,
    activeSessions: reading.value(metric.sidepanelSessionsActive),
    totalSessions,
    sessionsCreatedToday: totalSessions === undefined ? undefined : Math.max(0, totalSessions - sessionsAtMidnight),
    avgDuration: average(moment, metric.sidepanelSessionDuration),
    avgMessages: average(moment, metric.sidepanelSessionMessages),
    avgTokens: average(moment, metric.sidepanelSessionTokens),
    modelUsage: modelUsage(moment),
  };
}

function average({ reading }: Moment, definition: MetricDefinition): number | undefined {
  const distribution = reading.distribution(definition);
  const count = distribution?.counts.reduce((sum, each) => sum + each, 0);
  return distribution && count ? distribution.sum / count : undefined;
}

function modelUsage({ reading }: Moment): Readonly<Record<string, number>> | undefined {
  const requests = reading.byLabel(metric.sidepanelVeniceRequests, 'model');
  const total = [...requests.values()].reduce((sum, each) => sum + each, 0);
  if (total === 0) return undefined;
  return Object.fromEntries([...requests].map(([model, count]) => [model, count / total]));
}
