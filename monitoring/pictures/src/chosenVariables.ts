import type { DashboardModel, VariableModel } from './model.ts';
import type { PrometheusClient } from './prometheus.ts';
import type { TimeRange } from './timeRange.ts';
import { narrowed, optionQuery } from './variableOptions.ts';
import { opened, replaced, type Variable } from './variables.ts';

export interface Chosen {
  readonly variables: ReadonlyMap<string, Variable>;
  readonly findings: readonly string[];
}

/** The variables as they are when the dashboard opens, in their order: a query may use those before it. */
export async function chosenVariables(
  { templating }: DashboardModel,
  builtIns: readonly Variable[],
  client: PrometheusClient,
  range: TimeRange,
  overrides: Readonly<Record<string, string>> = {},
): Promise<Chosen> {
  const variables = new Map(builtIns.map((variable) => [variable.name, variable]));
  const findings: string[] = [];
  for (const model of templating?.list ?? []) {
    const override = overrides[model.name];
    const asked = override === undefined ? model : { ...model, current: { value: override } };
    try {
      const options = await optionsOf(asked, variables, client, range);
      if (options.length === 0 && model.type === 'query') findings.push(`variable ${model.name}: it has no options.`);
      variables.set(model.name, opened(asked, options));
    } catch (error) {
      findings.push(`variable ${model.name}: ${(error as Error).message}`);
      variables.set(model.name, opened(asked, []));
    }
  }
  return { variables, findings };
}

async function optionsOf(
  model: VariableModel,
  variables: ReadonlyMap<string, Variable>,
  client: PrometheusClient,
  range: TimeRange,
): Promise<string[]> {
  const query = optionQuery(model, (text) => replaced(text, variables));
  switch (query?.kind) {
    case 'fixed':
      return narrowed(query.values, { ...model, sort: 0 });
    case 'labelValues':
      return narrowed(await client.labelValues(query.label, query.selector, range), model);
    case 'metrics': {
      const names = await client.labelValues('__name__', undefined, range);
      return narrowed(
        names.filter((name) => new RegExp(query.pattern).test(name)),
        model,
      );
    }
    case 'result': {
      const series = await client.instant(query.expr, range.toMs);
      const written = series.map(({ metric, values }) => `${seriesText(metric)} ${values[0]?.[1]} ${values[0]?.[0]}`);
      return narrowed(written, model);
    }
    default:
      throw new Error(`its query is not understood: ${JSON.stringify(model.query)} (type ${model.type}).`);
  }
}

/** As Grafana hands a series to the regular expression of a variable. */
function seriesText({ __name__: name = '', ...labels }: Readonly<Record<string, string>>): string {
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}}`;
}
