import { figure } from '../../panels/figure.ts';
import { lines, stacked } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, present, quotient, rate, sumBy } from '../../queries/expressions.ts';
import { unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { named } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';
import { byProcess, processLegend, quantileOfSeries, share } from './names.ts';

const noValue = 'Alertmanager is not scraped';
const byIntegration = [...byProcess, 'integration'];
const integrationLegend = `${processLegend} {{integration}}`;

export function alertsHeld(): PanelDefinition {
  return stacked({
    id: 15,
    title: 'Alertmanager: alerts it has',
    description:
      'Alerts that Alertmanager has, by state. Suppressed ones are silenced or inhibited: many of them for days is a silence that was forgotten.',
    unit: unitNamed('{alert}'),
    min: 0,
    // Members of a cluster have the same alerts: the largest, not the sum.
    queries: [query(maxBy(['job', 'state'], named('alertmanager_alerts')), '{{state}}', { min: 0 })],
    noValue,
    opens: [['fleet', 'Fleet']],
    width: 10,
    height: 8,
  });
}

export function notifications(): PanelDefinition {
  return lines({
    id: 16,
    title: 'Alertmanager: notifications',
    description:
      'Notifications a second, by way (mail, Slack, webhook). The webhook of the Watchdog goes out each minute: a line at 0 there is a broken path to people.',
    unit: unitNamed('{notification}', 'rate'),
    min: 0,
    queries: [
      query(
        // Alertmanager has a series for each way that there is, also for those that are not used.
        present(sumBy(byIntegration, rate(named('alertmanager_notifications_total')))),
        integrationLegend,
        { min: 0, series: { min: 1, max: 50 } },
      ),
    ],
    noValue: 'Nothing was notified in the time shown',
    alerts: ['AlertmanagerNotificationsFailing'],
    width: 10,
    height: 10,
  });
}

export function failingIntegrations(): PanelDefinition {
  return lines({
    id: 17,
    title: 'Alertmanager: share of notifications that fail',
    description:
      'Share of the notifications of each way that did not arrive. Above the dashed line a person may not be called: the log of Alertmanager has the answer of the receiver.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(
        quotient(
          sumBy(byIntegration, rate(named('alertmanager_notifications_failed_total'))),
          sumBy(byIntegration, rate(named('alertmanager_notifications_total'))),
        ),
        integrationLegend,
        { min: 0, series: { min: 1, max: 50 } },
      ),
    ],
    noValue: 'Nothing was notified in the time shown',
    thresholds: thresholdsOf('AlertmanagerNotificationsFailing'),
    alerts: ['AlertmanagerNotificationsFailing'],
    width: 10,
    height: 10,
  });
}

export function clusterMembers(): PanelDefinition {
  return figure({
    id: 18,
    title: 'Alertmanager: members',
    description:
      'Members of the cluster that each Alertmanager sees, itself among them. Fewer than there are means that people get each notification twice: check port 9094 between them.',
    unit: unitNamed('{member}'),
    min: 0,
    queries: [query(maxBy(byProcess, named('alertmanager_cluster_members')), processLegend, { min: 0 })],
    noValue: 'Alertmanager is not scraped, or runs alone',
    alerts: ['AlertmanagerClusterIncomplete'],
    width: 4,
    height: 10,
  });
}

export function notificationLatency(): PanelDefinition {
  return lines({
    id: 32,
    title: 'Alertmanager: time of a notification (95th percentile)',
    description:
      'Time in which 95 % of the notifications of each way are delivered. Seconds are normal for mail; a webhook that takes as long as its timeout is about to fail.',
    unit: unitNamed('s'),
    min: 0,
    queries: [
      query(quantileOfSeries(0.95, byIntegration, 'alertmanager_notification_latency_seconds'), integrationLegend, {
        min: 0,
        series: { min: 1, max: 50 },
      }),
    ],
    noValue: 'Nothing was notified in the time shown',
    alerts: ['AlertmanagerNotificationsFailing'],
    width: 24,
    height: 8,
  });
}
