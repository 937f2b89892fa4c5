import { metric } from '@benchlab-otel/presets';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { serviceVariables, sourceVariables } from '../queries/variables.ts';
import { hostPanels } from './hostPanels.ts';
import { errors, health, healthCourse, runningFor, uptime } from './systemOverview/health.ts';
import {
  connections,
  connectionsOpened,
  errorShare,
  latency,
  outcomes,
  requestsPerMinute,
} from './systemOverview/requests.ts';

/** A service in front of an AI API, over a day: is it well, and how much is asked of it. */
export function systemOverview(): DashboardDefinition {
  return {
    name: 'system-overview',
    folder: 'Services',
    title: 'System Overview',
    description: 'The service in front of the AI API: health, uptime, errors, connections, requests, and its host.',
    tags: ['service'],
    from: 'now-24h',
    refresh: '1m',
    variables: [...sourceVariables(), ...serviceVariables(metric.sidepanelRequests)],
    // Panel ids: fixed for ever. Next: 16.
    panels: [
      health(),
      uptime(),
      runningFor(),
      errors(),
      connections(),
      requestsPerMinute(),
      errorShare(),
      latency(),
      outcomes(),
      connectionsOpened(),
      healthCourse(),
      ...hostPanels({ cpu: 11, memory: 12, disk: 13, network: 14 }, 12),
    ],
  };
}
