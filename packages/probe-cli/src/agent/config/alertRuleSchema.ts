import { alertConditionForm } from '@benchlab-otel/node';
import { z } from 'zod';
import { duration } from '../../command/duration.ts';
import type { WrittenAlertRule } from './agentConfig.ts';

function text(what: string, pattern = /^\P{Cc}{1,1000}$/u) {
  return z.string(what).regex(pattern, what);
}

const time = 'a time in ms, s, m or h, up to 24h: 30s, 5m';

function isTime(given: string): boolean {
  try {
    return duration(given) > 0;
  } catch {
    return false;
  }
}

/** One `[[alerts.rules]]`. */
export const alertRuleSchema: z.ZodType<WrittenAlertRule> = z.strictObject(
  {
    name: text('letters, digits and underscores', /^[A-Za-z_]\w{0,127}$/).describe('The name of the alert'),
    series: text('the name of a series as it is on the metrics page', /^[A-Za-z_:][\w:]{0,255}$/),
    labels: z
      .record(z.string(), z.string('a text'), 'a table of labels with texts')
      .optional()
      .describe('Labels that a series must have, each with this value'),
    when: text('absent, or a comparison with a number: > 90', alertConditionForm),
    for: z.string(time).refine(isTime, time).optional().describe('It must have been so for this time'),
    severity: z.enum(['critical', 'warning', 'info'], 'one of critical, warning, info'),
    summary: text('one sentence that states what is wrong'),
    runbook: text('an address that begins with http', /^https?:\/\/\S{1,1000}$/).optional(),
  },
  'a table with name, series, when, severity and summary',
);

export const alertRuleKeys: readonly string[] = [
  'name',
  'series',
  'labels',
  'when',
  'for',
  'severity',
  'summary',
  'runbook',
];
