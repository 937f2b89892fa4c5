import { attribute, type MetricDefinition, metric, prometheusLabel, prometheusName } from '@benchlab-otel/core';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { QueryShape } from './queryShape.ts';
import { selector } from './selector.ts';
import { metricSource } from './sources.ts';

/** A variable of a dashboard, and the query that its values come from. */
export interface Variable {
  readonly name: string;
  readonly query?: { readonly expr: string; readonly returns: QueryShape };
  readonly build: () => dashboard.VariableModel;
}

/** Which Prometheus, which store of logs, which store of traces, and where runbooks are. Every dashboard has them. */
export function sourceVariables(): readonly Variable[] {
  return [
    source('datasource', 'Data source', 'prometheus'),
    source('logs', 'Logs', 'loki'),
    source('traces', 'Traces', 'jaeger'),
    hidden('runbooks', runbooks),
  ];
}

/** The same address as in collector-config/alertmanager/templates/links.tmpl, which a test compares. */
export const runbooks = 'https://github.com/benchlab-otel/benchlab-otel/blob/main/collector-config/';

/** Which service and which process, of those that have a series. */
export function serviceVariables(series: MetricDefinition | string): readonly Variable[] {
  const name = typeof series === 'string' ? series : prometheusName(series);
  return [
    choice('job', 'Job', `label_values(${name}, job)`, 'job'),
    choice('instance', 'Instance', `label_values(${name}{job=~"$job"}, instance)`, 'instance'),
  ];
}

/** Which service and which process, of those that have one of several series: of the agent and of the application. */
export function serviceVariablesOf(...series: readonly (MetricDefinition | string)[]): readonly Variable[] {
  const names = series.map((each) =>
    typeof each === 'string' ? each : prometheusName(each) + (each.instrument === 'histogram' ? '_count' : ''),
  );
  const any = `__name__=~"${names.join('|')}"`;
  return [
    choice('job', 'Job', `label_values({${any}}, job)`, 'job'),
    choice('instance', 'Instance', `label_values({${any},job=~"$job"}, instance)`, 'instance'),
  ];
}

/** Which values of one label of a series: all of them at first, or `first`. */
export function labelVariable(name: string, label: string, series: string, of: string, first?: string): Variable {
  const key = prometheusLabel(of);
  const all = choice(name, label, `label_values(${series}, ${key})`, key);
  if (first === undefined) return all;
  return { ...all, build: () => ({ ...all.build(), current: { selected: true, text: [first], value: [first] } }) };
}

/** Which board of the bench: one at first, because two have twice as many lines as a panel can show. */
export function boardVariables(): readonly Variable[] {
  const power = metric.hwHostPower;
  const label = prometheusLabel(attribute.hwId);
  const expr = `label_values(${selector(power)}, ${label})`;
  return [...serviceVariables(power), variable('board', 'Board', expr, label, { multi: true, includeAll: false })];
}

/** Which host. Its label comes by OTLP, or from the targets of the scrape. */
export function nodeVariable(series: MetricDefinition | string): Variable {
  const name = typeof series === 'string' ? series : prometheusName(series);
  return choice('node', 'Host', `label_values(${name}{job=~"$job"}, host_name)`, 'host_name');
}

/** Which implementations of the runtime are shown. */
export function implementationVariable(series: MetricDefinition): Variable {
  return choice(
    'implementation',
    'Implementation',
    `label_values(${selector(series)}, implementation)`,
    'implementation',
  );
}

/** Which implementation the others are compared with. */
export function primaryVariable(series: MetricDefinition): Variable {
  return single('primary', 'Primary', `label_values(${selector(series)}, implementation)`, 'implementation', 'rust');
}

/** Which backend code is generated for. */
export function backendVariable(series: MetricDefinition): Variable {
  return choice('backend', 'Backend', `label_values(${selector(series)}, backend)`, 'backend');
}

/**
 * Two runs to compare, of the first job that has what runs are compared by. A process that sends OTLP has an instance of its own for
 * each run: at first the last one of the list is the run, and the first one the baseline. A process that is scraped keeps its
 * instance, and then the earlier run is found by `before`: how much earlier it was.
 */
export function runVariables(...series: readonly MetricDefinition[]): readonly Variable[] {
  const [job] = serviceVariablesOf(...series);
  const values = 'label_values(target_info{job=~"$job"}, instance)';
  const one = { multi: true, includeAll: false };
  return [
    variable('job', 'Job', job?.query?.expr ?? '', 'job', one),
    variable('instance', 'Run', values, 'instance', { ...one, sort: dashboard.VariableSort.AlphabeticalDesc }),
    variable('baseline', 'Baseline', values, 'instance', one),
    custom('before', 'Baseline is earlier by', ['0s', '15m', '1h', '6h', '1d', '7d']),
  ];
}

/** Not shown, as no panel of the dashboard follows it: what links and marks need. All of its values. */
export function hiddenChoice(shown: Variable): Variable {
  return { ...shown, build: () => ({ ...shown.build(), hide: dashboard.VariableHide.HideVariable }) };
}

/** A choice of several values, all of them at first. */
export function choice(name: string, label: string, expr: string, of: string): Variable {
  return variable(name, label, expr, of, {
    multi: true,
    includeAll: true,
    // Also a series without the label: a service that names no instance.
    allValue: '.*',
    current: { selected: true, text: 'All', value: '$__all' },
  });
}

/** A choice of one value. */
function single(name: string, label: string, expr: string, of: string, first: string): Variable {
  return variable(name, label, expr, of, {
    multi: false,
    includeAll: false,
    current: { selected: true, text: first, value: first },
  });
}

function variable(
  name: string,
  label: string,
  expr: string,
  of: string,
  rest: Partial<dashboard.VariableModel>,
): Variable {
  return {
    name,
    query: { expr, returns: { series: { min: 1, max: 500 }, labels: [of] } },
    build: () => ({
      ...new dashboard.QueryVariableBuilder(name)
        .label(label)
        .query({ query: expr, refId: name })
        .definition(expr)
        .datasource(metricSource)
        .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
        .sort(dashboard.VariableSort.AlphabeticalAsc)
        .build(),
      ...rest,
    }),
  };
}

function source(name: string, label: string, type: string): Variable {
  return { name, build: () => new dashboard.DatasourceVariableBuilder(name).label(label).type(type).build() };
}

function custom(name: string, label: string, values: readonly string[]): Variable {
  const [first = ''] = values;
  return {
    name,
    build: () =>
      new dashboard.CustomVariableBuilder(name)
        .label(label)
        .values(values.join(','))
        .options(values.map((value) => ({ selected: value === first, text: value, value })))
        .current({ selected: true, text: first, value: first })
        .build(),
  };
}

function hidden(name: string, value: string): Variable {
  const current = { selected: true, text: value, value };
  return {
    name,
    build: () => ({
      ...new dashboard.ConstantVariableBuilder(name).value(value).build(),
      hide: dashboard.VariableHide.HideVariable,
      current,
      options: [current],
    }),
  };
}
