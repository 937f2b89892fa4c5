import { metric } from '@benchlab-otel/presets';
import { bars } from '../../panels/bars.ts';
import { columns } from '../../panels/columns.ts';
import { figure } from '../../panels/figure.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { increase, increaseOfStep, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import { byService, serviceLegend, share } from '../serviceNames.ts';

const noSession = 'No session was created in the time shown';

export function created(): PanelDefinition {
  return columns({
    id: 1,
    title: 'Sessions created',
    description:
      'Sessions that were created in each day (UTC), which its column ends; their sum is in the legend. Days that differ from those of the week before are worth a question: a release, a holiday, an outage.',
    unit: grafanaUnit(metric.sidepanelSessionsCreated),
    min: 0,
    decimals: 0,
    leastStep: '1d',
    queries: [
      query(sumBy(byService, increaseOfStep(selector(metric.sidepanelSessionsCreated))), serviceLegend, { min: 0 }),
    ],
    noValue: noSession,
    opens: [['system-overview', 'System Overview']],
    width: 16,
    height: 9,
  });
}

export function createdTotal(): PanelDefinition {
  return figure({
    id: 2,
    title: 'Sessions created: total',
    description: 'Sessions that were created in the time shown. Choose the week before at the top right to compare.',
    unit: grafanaUnit(metric.sidepanelSessionsCreated),
    min: 0,
    decimals: 0,
    queries: [query(sumBy(byService, increase(selector(metric.sidepanelSessionsCreated))), serviceLegend, { min: 0 })],
    noValue: noSession,
    opens: [['system-overview', 'System Overview']],
    width: 4,
    height: 9,
  });
}

export function topModels(): PanelDefinition {
  const each = sumBy(['model'], increase(selector(metric.sidepanelVeniceRequests)));
  const all = sumBy([], increase(selector(metric.sidepanelVeniceRequests)));
  return bars({
    id: 3,
    title: 'Top models',
    description:
      'Share of the requests to the AI API that each model has, of the ten that are used most in the time shown. A model that users left has a reason: latency, cost or answers.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(
        { expr: `topk(10, ${each.expr} / on () group_left () (${all.expr} > 0))`, labels: each.labels },
        legend('model'),
        { ...share, series: { min: 1, max: 10 } },
      ),
    ],
    noValue: 'No request was sent to the AI API',
    opens: [['venice-api', 'Venice API']],
    width: 9,
    height: 8,
  });
}

export function activeNow(): PanelDefinition {
  return figure({
    id: 7,
    title: 'Active now',
    description:
      'Sessions that are open now. More than there are users are sessions that no client closes: see their durations.',
    unit: grafanaUnit(metric.sidepanelSessionsActive),
    min: 0,
    queries: [query(sumBy(byService, selector(metric.sidepanelSessionsActive)), serviceLegend, { min: 0 })],
    noValue: 'No process reports its sessions',
    opens: [['system-overview', 'System Overview']],
    width: 4,
    height: 9,
  });
}

export function active(): PanelDefinition {
  return lines({
    id: 8,
    title: 'Active sessions',
    description:
      'Sessions that are open. The hours of the day in which few are open are those for a release; a line that only rises is a leak of sessions.',
    unit: grafanaUnit(metric.sidepanelSessionsActive),
    min: 0,
    queries: [query(sumBy(byService, selector(metric.sidepanelSessionsActive)), serviceLegend, { min: 0 })],
    noValue: 'No process reports its sessions',
    opens: [['system-overview', 'System Overview']],
    width: 12,
    height: 8,
  });
}
