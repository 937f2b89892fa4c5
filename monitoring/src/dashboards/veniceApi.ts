import { metric } from '@benchlab-otel/presets';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { serviceVariables, sourceVariables } from '../queries/variables.ts';
import { balance, balanceNow, balanceUsd, burnRate, lasts, resetIn } from './veniceApi/balance.ts';
import { apiErrorShare, apiRequests, latency, latencyOfRange, rateLimitLeft } from './veniceApi/calls.ts';
import { costByModel, costThisMonth, costThisWeek, costToday, tokenRates, tokensToday } from './veniceApi/use.ts';

/** The AI API behind the service, over a day: what is left, how fast it answers, what it counts and costs. */
export function veniceApi(): DashboardDefinition {
  return {
    name: 'venice-api',
    folder: 'Services',
    title: 'Venice API',
    description: 'The AI API behind the service: balance, latency, tokens, cost, limits.',
    tags: ['service'],
    from: 'now-24h',
    refresh: '1m',
    variables: [...sourceVariables(), ...serviceVariables(metric.sidepanelVeniceBalanceDiem)],
    // Panel ids: fixed for ever. Next: 18.
    panels: [
      balance(),
      balanceNow(),
      resetIn(),
      burnRate(),
      lasts(),
      balanceUsd(),
      latency(),
      latencyOfRange(),
      tokensToday(),
      costToday(),
      costThisWeek(),
      costThisMonth(),
      tokenRates(),
      costByModel(),
      apiRequests(),
      apiErrorShare(),
      rateLimitLeft(),
    ],
  };
}
