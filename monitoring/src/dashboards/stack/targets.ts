import { bars } from '../../panels/bars.ts';
import { stacked } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { timeline } from '../../panels/timeline.ts';
import { minBy } from '../../queries/expressions.ts';
import { unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { named } from '../../queries/selector.ts';

export function targets(): PanelDefinition {
  return timeline(
    {
      id: 1,
      title: 'Targets by job',
      description:
        'Whether Prometheus reaches every target of a job: down as soon as one of them is. Grafana, exporters and collectors are among them where they are scraped. Several jobs at once are the network or Prometheus itself.',
      unit: unitNamed(''),
      queries: [query(minBy(['job'], named('up')), '{{job}}', { min: 0, max: 1, series: { min: 1, max: 50 } })],
      noValue: 'Prometheus scrapes nothing',
      alerts: ['TargetDown'],
      width: 12,
      height: 9,
    },
    { '0': { text: 'down', color: 'red', index: 0 }, '1': { text: 'up', color: 'green', index: 1 } },
  );
}

export function targetsDown(): PanelDefinition {
  const labels = ['job', 'instance'];
  return bars({
    id: 2,
    title: 'Targets that are down',
    description:
      'Targets that Prometheus does not reach now. Its page /targets has the error of each: refused is a process that is not there, a timeout is one that is too slow or behind a firewall.',
    unit: unitNamed('{target}'),
    min: 0,
    queries: [
      query({ expr: `count by (job, instance) (${named('up')} == 0)`, labels }, '{{job}} {{instance}}', {
        min: 1,
        max: 1,
        series: { min: 1, max: 200 },
      }),
    ],
    noValue: 'All targets are up',
    alerts: ['TargetDown'],
    width: 6,
    height: 9,
  });
}

export function firing(): PanelDefinition {
  return stacked({
    id: 3,
    title: 'Alerts that fire',
    description:
      'Alerts that fire, by severity. One of severity info is always there: the Watchdog, which reports that the path to people works. Without it, nothing else is reported either.',
    unit: unitNamed('{alert}'),
    min: 0,
    queries: [
      query({ expr: 'count by (severity) (ALERTS{alertstate="firing"})', labels: ['severity'] }, '{{severity}}', {
        min: 1,
        series: { min: 1, max: 3 },
      }),
    ],
    noValue: 'No alert fires, not even the Watchdog: the rules are not loaded',
    alerts: ['Watchdog'],
    width: 6,
    height: 9,
  });
}
