import { bars } from '../../panels/bars.ts';
import { figure } from '../../panels/figure.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { timeline } from '../../panels/timeline.ts';
import { increase, maxBy, present, quotient, rate, sumBy } from '../../queries/expressions.ts';
import { unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { named } from '../../queries/selector.ts';
import { panelThresholds, thresholdsOf } from '../../queries/thresholds.ts';
import { byProcess, largest, processLegend, share } from './names.ts';

const byGroup = [...byProcess, 'rule_group'];
const noRules = 'Prometheus has no rules';

export function ruleTime(): PanelDefinition {
  return lines({
    id: 10,
    title: 'Rules: share of their interval',
    description:
      'How much of its interval each group of rules takes, of the ten slowest. At 1 the next evaluation is late, and alerts with it: split the group, or record what it computes twice.',
    unit: unitNamed('1'),
    min: 0,
    queries: [
      query(
        largest(
          quotient(
            maxBy(byGroup, named('prometheus_rule_group_last_duration_seconds')),
            maxBy(byGroup, named('prometheus_rule_group_interval_seconds')),
          ),
        ),
        `${processLegend} {{rule_group}}`,
        { min: 0, series: { min: 1, max: 100 } },
      ),
    ],
    noValue: noRules,
    thresholds: panelThresholds('RuleInterval'),
    alerts: ['PrometheusRulesSlow'],
    // The names of groups begin with the path of their file.
    legendAt: 'right',
    width: 24,
    height: 8,
  });
}

export function ruleFailures(): PanelDefinition {
  return bars({
    id: 11,
    title: 'Rules that failed',
    description:
      'Evaluations that failed in the time shown, by group. A group that fails is blind: its alerts neither fire nor end. The log of Prometheus has the expression and the reason.',
    unit: unitNamed('{evaluation}'),
    min: 0,
    queries: [
      query(
        present(maxBy(byGroup, increase(named('prometheus_rule_evaluation_failures_total')))),
        `${processLegend} {{rule_group}}`,
        { min: 0, series: { min: 1, max: 100 } },
      ),
    ],
    noValue: 'No rule has failed',
    alerts: ['PrometheusRuleFailures'],
    width: 12,
    height: 8,
  });
}

export function configuration(): PanelDefinition {
  return timeline(
    {
      id: 12,
      title: 'Configuration as it was loaded last',
      description:
        'Whether the latest reload of Prometheus and of Alertmanager worked. Refused: the server runs with the configuration before. The file /var/log/benchlab/reloads.log has who changed what.',
      unit: unitNamed(''),
      queries: [
        query(maxBy(byProcess, named('prometheus_config_last_reload_successful')), 'Prometheus {{instance}}', share),
        query(
          maxBy(byProcess, named('alertmanager_config_last_reload_successful')),
          'Alertmanager {{instance}}',
          share,
        ),
      ],
      noValue: 'Neither Prometheus nor Alertmanager is scraped',
      alerts: ['PrometheusConfigReloadFailed', 'AlertmanagerConfigReloadFailed'],
      width: 12,
      height: 8,
    },
    { '0': { text: 'refused', color: 'red', index: 0 }, '1': { text: 'loaded', color: 'green', index: 1 } },
  );
}

export function alertmanagersKnown(): PanelDefinition {
  return figure({
    id: 13,
    title: 'Alertmanagers known',
    description:
      'Alertmanagers that Prometheus sends alerts to. 0 means that no alert leaves Prometheus: check the block alerting of prometheus.yml, and the address.',
    unit: unitNamed('{alertmanager}'),
    min: 0,
    queries: [
      query(maxBy(byProcess, named('prometheus_notifications_alertmanagers_discovered')), processLegend, { min: 0 }),
    ],
    noValue: 'Prometheus does not scrape itself',
    alerts: ['PrometheusNoAlertmanager'],
    width: 4,
    height: 8,
  });
}

export function alertsNotSent(): PanelDefinition {
  const by = [...byProcess, 'alertmanager'];
  return lines({
    id: 14,
    title: 'Alerts that did not reach Alertmanager',
    description:
      'Share of the alerts of Prometheus that an Alertmanager did not take. One of two is covered by the other; both at once is a person who is not called.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(
        quotient(
          sumBy(by, rate(named('prometheus_notifications_errors_total'))),
          sumBy(by, rate(named('prometheus_notifications_sent_total'))),
        ),
        `${processLegend} to {{alertmanager}}`,
        { min: 0, series: { min: 1, max: 50 } },
      ),
    ],
    noValue: 'No alert was sent',
    thresholds: thresholdsOf('PrometheusNotificationsFailing'),
    alerts: ['PrometheusNotificationsFailing'],
    width: 10,
    height: 8,
  });
}
