import type { MetricDefinition } from '@benchlab-otel/core';
import { vocabulary } from './vocabulary.ts';

// A service in front of an AI API: connections, requests, balance, sessions.
const none = [] as const;
const method = ['method'] as const;
const request = ['method', 'status'] as const;
const status = ['status'] as const;
const type = ['type'] as const;
const call = ['model', 'status'] as const;
const model = ['model'] as const;
const seed = { stability: 'stable', origin: 'seed' } as const;
// Where the document asks for a panel or an alert and does not name a series.
const chosen = { stability: 'stable', origin: 'benchlab' } as const;

export const sidepanelWsActiveConnections: MetricDefinition<typeof none> = {
  name: 'sidepanel.ws.active_connections',
  unit: '{connection}',
  instrument: 'gauge',
  attributes: none,
  description: 'WebSocket connections that are open.',
  ...seed,
};

export const sidepanelWsConnections: MetricDefinition<typeof none> = {
  name: 'sidepanel.ws.connections',
  unit: '{connection}',
  instrument: 'counter',
  attributes: none,
  description: 'WebSocket connections that were opened.',
  ...seed,
};

export const sidepanelRequestDuration: MetricDefinition<typeof method, typeof vocabulary> = {
  name: 'sidepanel.request.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: method,
  vocabulary,
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  description: 'Duration of one request.',
  ...seed,
};

export const sidepanelRequests: MetricDefinition<typeof request, typeof vocabulary> = {
  name: 'sidepanel.requests',
  unit: '{request}',
  instrument: 'counter',
  attributes: request,
  vocabulary,
  description: 'Requests by how they went; failures have the status error.',
  ...seed,
};

export const sidepanelVeniceBalanceDiem: MetricDefinition<typeof none> = {
  name: 'sidepanel.venice.balance_diem',
  unit: '{diem}',
  instrument: 'gauge',
  attributes: none,
  description: 'Balance at the AI API, in Diem.',
  ...seed,
};

export const sidepanelVeniceBalanceUsd: MetricDefinition<typeof none> = {
  name: 'sidepanel.venice.balance_usd',
  unit: '{USD}',
  instrument: 'gauge',
  attributes: none,
  description: 'Balance at the AI API, in US dollars.',
  ...chosen,
};

export const sidepanelVeniceResetTimestamp: MetricDefinition<typeof none> = {
  name: 'sidepanel.venice.reset_timestamp',
  unit: 's',
  instrument: 'gauge',
  attributes: none,
  description: 'When the balance is reset, in seconds since 1970.',
  ...chosen,
};

export const sidepanelVeniceTokens: MetricDefinition<typeof type, typeof vocabulary> = {
  name: 'sidepanel.venice.tokens',
  unit: '{token}',
  instrument: 'counter',
  attributes: type,
  vocabulary,
  description: 'Tokens that the AI API has counted.',
  ...seed,
};

export const sidepanelVeniceCostUsd: MetricDefinition<typeof model, typeof vocabulary> = {
  name: 'sidepanel.venice.cost_usd',
  unit: '{USD}',
  instrument: 'counter',
  attributes: model,
  vocabulary,
  description: 'Cost of the AI API, in US dollars.',
  ...chosen,
};

export const sidepanelVeniceRequests: MetricDefinition<typeof call, typeof vocabulary> = {
  name: 'sidepanel.venice.requests',
  unit: '{request}',
  instrument: 'counter',
  attributes: call,
  vocabulary,
  description: 'Requests to the AI API by how they went; failures have the status error.',
  ...chosen,
};

export const sidepanelVeniceRequestDuration: MetricDefinition<typeof model, typeof vocabulary> = {
  name: 'sidepanel.venice.request.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: model,
  vocabulary,
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  description: 'Duration of one request to the AI API.',
  ...chosen,
};

export const sidepanelVeniceRateLimit: MetricDefinition<typeof none> = {
  name: 'sidepanel.venice.rate_limit',
  unit: '{request}',
  instrument: 'gauge',
  attributes: none,
  description: 'Requests that the AI API allows in its interval.',
  ...chosen,
};

export const sidepanelVeniceRateLimitRemaining: MetricDefinition<typeof none> = {
  name: 'sidepanel.venice.rate_limit_remaining',
  unit: '{request}',
  instrument: 'gauge',
  attributes: none,
  description: 'Requests that the AI API still allows in this interval.',
  ...chosen,
};

export const sidepanelSessionsActive: MetricDefinition<typeof none> = {
  name: 'sidepanel.sessions.active',
  unit: '{session}',
  instrument: 'gauge',
  attributes: none,
  description: 'Sessions that are open.',
  ...seed,
};

export const sidepanelSessionsCreated: MetricDefinition<typeof none> = {
  name: 'sidepanel.sessions.created',
  unit: '{session}',
  instrument: 'counter',
  attributes: none,
  description: 'Sessions that were created.',
  ...chosen,
};

export const sidepanelSessionDuration: MetricDefinition<typeof none> = {
  name: 'sidepanel.session.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: none,
  buckets: [60, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800],
  description: 'Duration of one session that has ended.',
  ...chosen,
};

export const sidepanelSessionMessages: MetricDefinition<typeof none> = {
  name: 'sidepanel.session.messages',
  unit: '{message}',
  instrument: 'histogram',
  attributes: none,
  buckets: [1, 2, 5, 10, 20, 50, 100, 200],
  description: 'Messages of one session that has ended.',
  ...chosen,
};

export const sidepanelSessionTokens: MetricDefinition<typeof none> = {
  name: 'sidepanel.session.tokens',
  unit: '{token}',
  instrument: 'histogram',
  attributes: none,
  buckets: [100, 250, 500, 1000, 2500, 5000, 10000, 25000, 100000],
  description: 'Tokens of one session that has ended.',
  ...chosen,
};

export const sidepanelHealthStatus: MetricDefinition<typeof status, typeof vocabulary> = {
  name: 'sidepanel.health.status',
  unit: '',
  instrument: 'gauge',
  attributes: status,
  vocabulary,
  description: 'Latest health check: 1 for what it found of healthy, degraded and unhealthy, 0 for the others.',
  ...chosen,
};

export const sidepanelUptime: MetricDefinition<typeof none> = {
  name: 'sidepanel.uptime',
  unit: 's',
  instrument: 'gauge',
  attributes: none,
  description: 'Time since the service started.',
  ...chosen,
};
