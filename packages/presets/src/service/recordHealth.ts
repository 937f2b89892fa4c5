import { recordMetric } from '@benchlab-otel/sdk';
import * as metric from '../registry/metrics.ts';

/** What a health check finds. */
export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

const statuses: readonly HealthStatus[] = ['healthy', 'degraded', 'unhealthy'];

/**
 * Records what the latest health check found: 1 for that status, 0 for the two others.
 *
 * @example recordHealth((await check()) ? 'healthy' : 'unhealthy');
 */
export function recordHealth(found: HealthStatus): void {
  for (const status of statuses) recordMetric(metric.sidepanelHealthStatus, status === found ? 1 : 0, { status });
}
