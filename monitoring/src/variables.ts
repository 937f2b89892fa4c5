import { attribute, metric, prometheusLabel, prometheusName } from '@benchlab-otel/core';
import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { datasource } from './panel.ts';
import { selector } from './selector.ts';

/** Which Prometheus, which service, which board. */
export function boardVariables(): cog.Builder<dashboard.VariableModel>[] {
  const age = metric.benchlabSampleAge;
  return [
    new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    choice('job', 'Job', `label_values(${prometheusName(age)}, job)`),
    choice('instance', 'Instance', `label_values(${prometheusName(age)}{job=~"$job"}, instance)`),
    choice('board', 'Board', `label_values(${selector(age)}, ${prometheusLabel(attribute.hwId)})`),
  ];
}

/** What people note on the time line. */
export function ownAnnotations(): cog.Builder<dashboard.AnnotationQuery> {
  return new dashboard.AnnotationQueryBuilder()
    .name('Annotations & Alerts')
    .datasource({ type: 'grafana', uid: '-- Grafana --' })
    .builtIn(1)
    .enable(true)
    .hide(true)
    .iconColor('rgba(0, 211, 255, 1)')
    .type('dashboard');
}

export function firingAlerts(): cog.Builder<dashboard.AnnotationQuery> {
  const expression = 'ALERTS{alertstate="firing"}';
  return new dashboard.AnnotationQueryBuilder()
    .name('Firing alerts')
    .datasource(datasource)
    .enable(true)
    .iconColor('red')
    .expr(expression)
    .target(new prometheus.DataqueryBuilder().refId('A').datasource(datasource).expr(expression).range())
    .titleFormat('{{alertname}}')
    .textFormat('{{hw_id}}')
    .step('60s');
}

function choice(name: string, label: string, query: string): dashboard.QueryVariableBuilder {
  return (
    new dashboard.QueryVariableBuilder(name)
      .label(label)
      .query({ query, refId: name })
      .definition(query)
      .datasource(datasource)
      .multi(true)
      .includeAll(true)
      // Also a series without the label: a service that names no instance.
      .allValue('.*')
      .current({ selected: true, text: 'All', value: '$__all' })
      .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
      .sort(dashboard.VariableSort.AlphabeticalAsc)
  );
}
