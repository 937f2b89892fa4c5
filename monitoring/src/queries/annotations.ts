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

/** What people note, what fires, and when runs begin: on every dashboard. Runs of the services that it chooses, or of all. */
export function annotations(variables: readonly { readonly name: string }[]): readonly Annotation[] {
  // Grafana leaves a variable that is not there as it is written, and then nothing matches.
  const chooses = variables.some(({ name }) => name === 'job') && variables.some(({ name }) => name === 'instance');
  return [ownAnnotations(), firingAlerts(), runs(chooses ? named('target_info') : 'target_info')];
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

/** A run begins where a process appears that was not there a minute before: also the start of another version. */
function runs(info: string): Annotation {
  const by = ['job', 'instance', 'service_version'];
  return marks('Runs', 'blue', 'Start of {{job}}', '{{instance}} {{service_version}}', {
    expr: `max by (${by.join(', ')}) (${info} unless ${info} offset 1m)`,
    labels: by,
  });
}

function marks(name: string, color: string, title: string, text: string, { expr, labels }: Expression): Annotation {
  return {
    name,
    query: { expr, returns: { series: { min: 0, max: 500 }, labels } },
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
