import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type { Expression, QueryShape } from './queryShape.ts';
import { named } from './selector.ts';
import { metricSource } from './sources.ts';

/** What a dashboard marks on its time lines, and the query that it comes from. */
export interface Annotation {
  readonly name: string;
  readonly query?: { readonly expr: string; readonly returns: QueryShape };
  readonly build: () => dashboard.AnnotationQuery;
}

/** What people note, what fires, and when runs begin and end: on every dashboard. Runs of the services that it chooses, or of all. */
export function annotations(variables: readonly { readonly name: string }[]): readonly Annotation[] {
  // Grafana leaves a variable that is not there as it is written, and then nothing matches.
  const chooses = variables.some(({ name }) => name === 'job') && variables.some(({ name }) => name === 'instance');
  if (!chooses) return [ownAnnotations(), firingAlerts(), runs('target_info')];
  const isCompared = variables.some(({ name }) => name === 'baseline');
  const info = isCompared ? 'target_info{job=~"$job",instance=~"$instance|$baseline"}' : named('target_info');
  return [ownAnnotations(), firingAlerts(), runs(info)];
}

function ownAnnotations(): Annotation {
  return {
    name: 'Annotations & Alerts',
    build: () =>
      new dashboard.AnnotationQueryBuilder()
        .name('Annotations & Alerts')
        .datasource({ type: 'grafana', uid: '-- Grafana --' })
        .builtIn(1)
        .enable(true)
        .hide(true)
        .iconColor('rgba(0, 211, 255, 1)')
        .type('dashboard')
        .build(),
  };
}

function firingAlerts(): Annotation {
  const by = ['alertname', 'severity', 'instance', 'hw_id'];
  return marks('Firing alerts', 'red', '{{alertname}}', '{{severity}} {{instance}} {{hw_id}}', {
    expr: `max by (${by.join(', ')}) (ALERTS{alertstate="firing"})`,
    labels: by,
  });
}

/**
 * A run begins where a process or a version appears that was not there a minute before, and ends where it is no longer there.
 * A process that starts again within a minute under its old name and version leaves no trace in target_info.
 */
function runs(info: string): Annotation {
  const by = ['event', 'job', 'instance', 'service_version'];
  const named = (event: string, expr: string) => `label_replace(${expr}, "event", "${event}", "", "")`;
  const start = named('Start', `(${info} unless ${info} offset 1m)`);
  const end = named('End', `(${info} offset 1m unless ${info})`);
  return marks('Runs', 'blue', '{{event}} of {{job}}', '{{instance}} {{service_version}}', {
    expr: `max by (${by.join(', ')}) (${start} or ${end})`,
    labels: by,
  });
}

function marks(name: string, color: string, title: string, text: string, { expr, labels }: Expression): Annotation {
  return {
    name,
    query: { expr, returns: { series: { min: 1, max: 500 }, labels } },
    build: () =>
      new dashboard.AnnotationQueryBuilder()
        .name(name)
        .datasource(metricSource)
        .enable(true)
        .iconColor(color)
        .expr(expr)
        .target(new prometheus.DataqueryBuilder().refId('A').datasource(metricSource).expr(expr).range())
        .titleFormat(title)
        .textFormat(text)
        .step('60s')
        .build(),
  };
}
