import { metric } from '@benchlab-otel/presets';
import { bars } from '../../panels/bars.ts';
import { figure } from '../../panels/figure.ts';
import { stacked } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { increase, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import { byService, serviceLegend } from '../serviceNames.ts';

const noTokens = 'The AI API has counted no token';
const noCost = 'Nothing was paid for';

export function tokensToday(): PanelDefinition {
  const tokens = increase(selector(metric.sidepanelVeniceTokens));
  return figure({
    id: 6,
    title: 'Tokens today',
    description:
      'Tokens since midnight, of the prompts, of the completions, and in total. Prompts that are many times the completions carry a long history: it can be shortened.',
    unit: grafanaUnit(metric.sidepanelVeniceTokens),
    min: 0,
    timeFrom: 'now/d',
    queries: [
      query(sumBy([...byService, 'type'], tokens), `${legend('type')} ${serviceLegend}`, { min: 0 }),
      query(sumBy(byService, tokens), `total ${serviceLegend}`, { min: 0 }),
    ],
    noValue: noTokens,
    opens: [['session-analytics', 'Session Analytics']],
    width: 9,
    height: 6,
  });
}

export function costToday(): PanelDefinition {
  return cost(7, 'Cost today', 'now/d', 'since midnight');
}

export function costThisWeek(): PanelDefinition {
  return cost(8, 'Cost this week', 'now/w', 'since the week began');
}

export function costThisMonth(): PanelDefinition {
  return cost(9, 'Cost this month', 'now/M', 'since the month began');
}

function cost(id: number, title: string, timeFrom: string, since: string): PanelDefinition {
  return figure({
    id,
    title,
    description: `US dollars for the AI API ${since}, as it counts them. It is not the bill: a restart of the service between two scrapes loses what was counted in between. More than planned: see Cost by model.`,
    unit: grafanaUnit(metric.sidepanelVeniceCostUsd),
    min: 0,
    timeFrom,
    queries: [query(sumBy(byService, increase(selector(metric.sidepanelVeniceCostUsd))), serviceLegend, { min: 0 })],
    noValue: noCost,
    opens: [['session-analytics', 'Session Analytics']],
    width: 5,
    height: 6,
  });
}

export function tokenRates(): PanelDefinition {
  return stacked({
    id: 11,
    title: 'Tokens',
    description:
      'Tokens a second that the AI API counts, prompts and completions on top of each other. A peak here is a peak of the cost.',
    unit: grafanaUnit(metric.sidepanelVeniceTokens, 'rate'),
    min: 0,
    queries: [
      query(
        sumBy([...byService, 'type'], rate(selector(metric.sidepanelVeniceTokens))),
        `${legend('type')} ${serviceLegend}`,
        { min: 0 },
      ),
    ],
    noValue: noTokens,
    opens: [['session-analytics', 'Session Analytics']],
    width: 14,
    height: 8,
  });
}

export function costByModel(): PanelDefinition {
  return bars({
    id: 12,
    title: 'Cost by model',
    description:
      'US dollars for each model in the time shown. A dear model with a small share of the requests (Session Analytics) is the first to replace.',
    unit: grafanaUnit(metric.sidepanelVeniceCostUsd),
    min: 0,
    queries: [query(sumBy(['model'], increase(selector(metric.sidepanelVeniceCostUsd))), legend('model'), { min: 0 })],
    noValue: noCost,
    opens: [['session-analytics', 'Session Analytics']],
    width: 10,
    height: 8,
  });
}
