import type { MetricDefinition } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/presets';
import { figure } from '../../panels/figure.ts';
import { heatmap } from '../../panels/heatmap.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { heat, meanOfRange, quantile } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { byService, serviceLegend } from '../serviceNames.ts';

const noValue = 'No session has ended in the time shown';

export function averageDuration(): PanelDefinition {
  return average(
    4,
    'Average session: duration',
    metric.sidepanelSessionDuration,
    'Mean duration of the sessions that ended in the time shown. A few that were left open for hours move it: the heatmap below shows them.',
  );
}

export function averageMessages(): PanelDefinition {
  return average(
    5,
    'Average session: messages',
    metric.sidepanelSessionMessages,
    'Mean number of messages of the sessions that ended in the time shown. Sessions with one message are questions that were answered, or users who left.',
  );
}

export function averageTokens(): PanelDefinition {
  return average(
    6,
    'Average session: tokens',
    metric.sidepanelSessionTokens,
    'Mean number of tokens of the sessions that ended in the time shown: what a session costs. It rises faster than the messages where the history is sent each time.',
  );
}

function average(id: number, title: string, of: MetricDefinition, description: string): PanelDefinition {
  return figure({
    id,
    title,
    description,
    unit: grafanaUnit(of),
    min: 0,
    queries: [query(meanOfRange(byService, of), serviceLegend, { min: 0 })],
    noValue,
    opens: [['venice-api', 'Venice API']],
    width: 5,
    height: 8,
  });
}

export function durations(): PanelDefinition {
  return heatmap({
    id: 9,
    title: 'Durations of sessions',
    description:
      'How long the sessions are that end, and how that is spread. A band at hours is sessions that no client closes; they hold memory and connections.',
    unit: grafanaUnit(metric.sidepanelSessionDuration),
    queries: [query(heat(metric.sidepanelSessionDuration), '{{le}}', { min: 0 })],
    noValue,
    opens: [['venice-api', 'Venice API']],
    width: 12,
    height: 8,
  });
}

export function messages(): PanelDefinition {
  return quantiles(
    10,
    'Messages of a session',
    metric.sidepanelSessionMessages,
    'Half and 95 % of the sessions have at most this many messages. A 95th percentile that grows alone is a few very long talks.',
  );
}

export function tokens(): PanelDefinition {
  return quantiles(
    11,
    'Tokens of a session',
    metric.sidepanelSessionTokens,
    'Half and 95 % of the sessions use at most this many tokens. What is far above the half is where a limit for one session would save most.',
  );
}

function quantiles(id: number, title: string, of: MetricDefinition, description: string): PanelDefinition {
  return lines({
    id,
    title,
    description,
    unit: grafanaUnit(of),
    min: 0,
    queries: [0.5, 0.95].map((each) =>
      query(quantile(each, byService, of), `p${each * 100} ${serviceLegend}`, { min: 0 }),
    ),
    noValue,
    opens: [['venice-api', 'Venice API']],
    width: 12,
    height: 8,
  });
}
