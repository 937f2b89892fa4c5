// The dashboard "SLO". Its series come from the rules in collector-config/prometheus/rules/slo.yml, and have the one label slo.
import { metric } from '@benchlab-otel/presets';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { figure } from '../panels/figure.ts';
import { lines } from '../panels/lines.ts';
import type { PanelDefinition } from '../panels/panelDefinition.ts';
import { timeline } from '../panels/timeline.ts';
import { maxBy } from '../queries/expressions.ts';
import { unitNamed } from '../queries/grafanaUnit.ts';
import { type Expression, query } from '../queries/queryShape.ts';
import { panelThresholds, type Steps, thresholdsOf } from '../queries/thresholds.ts';
import { choice, hiddenChoice, serviceVariablesOf, sourceVariables } from '../queries/variables.ts';

const labels = ['slo'];
const objectives = { series: { min: 1, max: 20 } } as const;
const noValue = 'No request in the window, or the rules of slo.yml are not loaded';
const budget = recorded('slo:error_budget:ratio');
const left = recorded('slo:error_budget_left:ratio');
const secondsOfMonth = 30 * 86_400;

/** Whether the service keeps what it promises, and how long the room for errors lasts. */
export function slo(): DashboardDefinition {
  return {
    name: 'slo',
    folder: 'Services',
    title: 'SLO',
    description: 'Objectives over 30 days: how much of the error budget is left, and how fast it is used.',
    tags: ['slo'],
    from: 'now-7d',
    refresh: '1m',
    // Objectives are of all processes together. Job and instance are for the marks of runs and the links to logs and traces.
    variables: [
      ...sourceVariables(),
      choice('slo', 'Objective', 'label_values(slo:error_budget:ratio, slo)', 'slo'),
      ...serviceVariablesOf(metric.bitnetRequests, metric.sidepanelRequests).map(hiddenChoice),
    ],
    // Panel ids: fixed for ever. Next: 11.
    panels: [
      budgetLeft(),
      objective(),
      budgetLasts(),
      burning(5, 'Burn rate: hours', ['1h', '5m'], 'SloBurnRateFast', thresholdsOf('SloBurnRateFast')),
      burning(6, 'Burn rate: a working day', ['6h', '30m'], 'SloBurnRateMedium', thresholdsOf('SloBurnRateMedium')),
      burning(7, 'Burn rate: days', ['3d', '6h'], 'SloBurnRateSlow', panelThresholds('BurnRateSlow')),
      budgetCourse(),
      errorShare(),
      requests(),
      alertsFiring(),
    ],
  };
}

function recorded(name: string): Expression {
  return { expr: `${name}{slo=~"$slo"}`, labels };
}

/** How many times faster than planned the budget is used: 1 uses all of it within 30 days. */
function burn(window: string): Expression {
  return { expr: `${recorded(`slo:errors:ratio_rate${window}`).expr} / on (slo) (${budget.expr} > 0)`, labels };
}

function budgetLeft(): PanelDefinition {
  return figure({
    id: 1,
    title: 'Error budget left',
    description:
      'Share of the errors of 30 days that may still happen. Red is below 0: the objective is missed, so repairs come before changes until it is above 0 again.',
    unit: unitNamed('1'),
    decimals: 1,
    queries: [query(left, '{{slo}}', { ...objectives, max: 1 })],
    noValue,
    thresholds: panelThresholds('ErrorBudgetLeft'),
    alerts: ['SloBurnRateFast', 'SloBurnRateMedium', 'SloBurnRateSlow'],
    width: 8,
    height: 6,
  });
}

function objective(): PanelDefinition {
  return figure({
    id: 2,
    title: 'Objective',
    description:
      'Share of the requests that should succeed over 30 days. It stands in slo.yml: an objective that is always kept with ease is too low, or promises more than anyone asked for.',
    unit: unitNamed('1'),
    min: 0,
    max: 1,
    decimals: 2,
    queries: [query({ expr: `1 - ${budget.expr}`, labels }, '{{slo}}', { ...objectives, min: 0, max: 1 })],
    noValue: 'The rules of slo.yml are not loaded',
    opens: [
      ['runtime-overview', 'bitnet-rs Overview'],
      ['system-overview', 'System Overview'],
    ],
    width: 8,
    height: 6,
  });
}

function budgetLasts(): PanelDefinition {
  return figure({
    id: 3,
    title: 'Budget lasts for',
    description:
      'Time until the budget is used up at the pace of the last six hours. Shorter than a week is work for today; no value is a pace of 0, or no requests.',
    unit: unitNamed('s'),
    min: 0,
    queries: [
      query(
        { expr: `clamp_min(${left.expr}, 0) * ${secondsOfMonth} / on (slo) (${burn('6h').expr} > 0)`, labels },
        '{{slo}}',
        { ...objectives, min: 0 },
      ),
    ],
    noValue: 'Nothing of the budget was used in the last six hours',
    opens: [
      ['runtime-overview', 'bitnet-rs Overview'],
      ['system-overview', 'System Overview'],
    ],
    width: 8,
    height: 6,
  });
}

function burning(
  id: number,
  title: string,
  windows: readonly string[],
  alert: string,
  thresholds: Steps,
): PanelDefinition {
  const [long = '', short = ''] = windows;
  return lines({
    id,
    title: `${title} (${long} and ${short})`,
    description: `How many times faster than planned the budget is used, over ${long} and over ${short}. With both above the dashed line the alert ${alert} fires: the long window shows that it matters, the short one that it still happens.`,
    unit: unitNamed(''),
    min: 0,
    decimals: 1,
    queries: windows.map((window) => query(burn(window), `{{slo}} over ${window}`, { ...objectives, min: 0 })),
    noValue,
    thresholds,
    alerts: [alert],
    width: 8,
    height: 10,
  });
}

function budgetCourse(): PanelDefinition {
  return lines({
    id: 4,
    title: 'Error budget over time',
    description:
      'The course of what is left. A step down is an outage, a slope a fault that continues; a step up is an old outage that is now more than 30 days ago.',
    unit: unitNamed('1'),
    max: 1,
    queries: [query(left, '{{slo}}', { ...objectives, max: 1 })],
    noValue,
    thresholds: panelThresholds('ErrorBudgetLeft'),
    alerts: ['SloBurnRateSlow'],
    width: 12,
    height: 10,
  });
}

function errorShare(): PanelDefinition {
  return lines({
    id: 8,
    title: 'Share of errors, and what may fail',
    description:
      'Share of the requests that fail, over an hour, next to the share that the objective allows. Above its own line an objective uses more than it may.',
    unit: unitNamed('1'),
    min: 0,
    queries: [
      query(recorded('slo:errors:ratio_rate1h'), '{{slo}}: errors', { ...objectives, min: 0 }),
      query(budget, '{{slo}}: may fail', { ...objectives, min: 0, max: 1 }),
    ],
    noValue,
    opens: [
      ['runtime-overview', 'bitnet-rs Overview'],
      ['system-overview', 'System Overview'],
    ],
    width: 12,
    height: 10,
  });
}

function requests(): PanelDefinition {
  return lines({
    id: 9,
    title: 'Requests of each objective',
    description:
      'Requests a second, over an hour. Below one a minute the alerts stay quiet, because a single error would be a large share; so this also shows when they are blind.',
    unit: unitNamed('{request}/s'),
    min: 0,
    queries: [query(recorded('slo:requests:rate1h'), '{{slo}}', { ...objectives, min: 0 })],
    noValue,
    opens: [
      ['runtime-overview', 'bitnet-rs Overview'],
      ['system-overview', 'System Overview'],
    ],
    width: 12,
    height: 7,
  });
}

function alertsFiring(): PanelDefinition {
  return timeline(
    {
      id: 10,
      title: 'Alerts of the objectives',
      description:
        'When which alert on an objective fired. Look here first after a page: a burn that ended by itself needs no repair tonight, and a reason tomorrow.',
      unit: unitNamed(''),
      queries: [
        query(
          maxBy(['slo', 'alertname', 'severity'], 'ALERTS{alertname=~"SloBurnRate.*",alertstate="firing",slo=~"$slo"}'),
          '{{slo}} {{alertname}} ({{severity}})',
          { min: 1, max: 1, series: { min: 1, max: 20 } },
        ),
      ],
      noValue: 'No alert on an objective has fired',
      alerts: ['SloBurnRateFast', 'SloBurnRateMedium', 'SloBurnRateSlow'],
      width: 12,
      height: 7,
    },
    { '1': { text: 'FIRING', color: 'red', index: 0 } },
  );
}
