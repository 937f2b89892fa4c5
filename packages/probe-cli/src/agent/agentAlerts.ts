import type { AlertsOptions } from '@benchlab-otel/node';
import { duration } from '../command/duration.ts';
import type { AgentConfig } from './config/agentConfig.ts';

/** The alerts that a configuration asks for; undefined where it has no rule. */
export function agentAlerts({ alerts }: AgentConfig): AlertsOptions | undefined {
  const { rules = [], alertmanagers, webhook, webhook_form, token_file, interval_sec } = alerts;
  if (rules.length === 0) return undefined;
  return {
    rules: rules.map(({ for: held, labels, runbook, ...rule }) => ({
      ...rule,
      ...(labels && { labels }),
      ...(runbook !== undefined && { runbook }),
      ...(held !== undefined && { forMs: duration(held) }),
    })),
    ...(alertmanagers && { alertmanagers }),
    ...(webhook !== undefined && { webhook }),
    webhookForm: webhook_form,
    ...(token_file !== undefined && { tokenFile: token_file }),
    intervalMs: interval_sec * 1000,
  };
}
