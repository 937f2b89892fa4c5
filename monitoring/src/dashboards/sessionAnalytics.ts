import { metric } from '@benchlab-otel/presets';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { serviceVariables, sourceVariables } from '../queries/variables.ts';
import {
  averageDuration,
  averageMessages,
  averageTokens,
  durations,
  messages,
  tokens,
} from './sessionAnalytics/oneSession.ts';
import { active, activeNow, created, createdTotal, topModels } from './sessionAnalytics/sessions.ts';

/** How the service is used, over a week: how many sessions, how long, with which models. */
export function sessionAnalytics(): DashboardDefinition {
  return {
    name: 'session-analytics',
    folder: 'Services',
    title: 'Session Analytics',
    description: 'The sessions of the service: created each day, models, duration, messages and tokens.',
    tags: ['service'],
    from: 'now-7d',
    refresh: '5m',
    variables: [...sourceVariables(), ...serviceVariables(metric.sidepanelSessionsCreated)],
    // Panel ids: fixed for ever. Next: 12.
    panels: [
      created(),
      createdTotal(),
      activeNow(),
      topModels(),
      averageDuration(),
      averageMessages(),
      averageTokens(),
      active(),
      durations(),
      messages(),
      tokens(),
    ],
  };
}
