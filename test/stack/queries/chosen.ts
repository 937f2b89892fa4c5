import { dashboards } from '../../../monitoring/src/dashboards.ts';
import type { QueryTime, StoredPrometheus } from './storedPrometheus.ts';

/** What Grafana writes for the variables of a dashboard. */
export type Choice = Readonly<Record<string, string>>;

/** A dashboard as it opens: everything chosen where that can be, else the first value that there is. */
export async function openedChoice(name: string, prometheus: StoredPrometheus, time: QueryTime): Promise<Choice> {
  const { templating } = dashboards[name]!();
  const choice: Record<string, string> = {};
  for (const { name: variable, type, allValue, includeAll, current, definition, query } of templating?.list ?? []) {
    if (type === 'datasource') continue;
    if (includeAll) choice[variable] = allValue ?? '.*';
    else if (type === 'query') {
      const known = textOf(current?.value);
      const values = await valuesOf(substituted(definition ?? '', { ...choice, ...builtIn(time) }), prometheus, time);
      choice[variable] = known !== '' && values.includes(known) ? known : (values[0] ?? '');
    } else choice[variable] = textOf(current?.value) || textOf(query);
  }
  return choice;
}

/** The values of a variable: its query is `label_values(SELECTOR, LABEL)`. */
export function valuesOf(
  definition: string,
  prometheus: StoredPrometheus,
  time: QueryTime,
): Promise<readonly string[]> {
  const [, selector, label] = /^label_values\((.*), (\w+)\)$/s.exec(definition) ?? [];
  if (selector === undefined || label === undefined)
    throw new Error(`"${definition}" is not label_values(SELECTOR, LABEL).`);
  return prometheus.labelValues(selector, label, time);
}

/** Grafana's own variables: its panels are 1,000 points wide at most, and the data source states a scrape interval of 10 s. */
export function builtIn({ rangeSeconds, stepSeconds }: QueryTime): Choice {
  const scrapeSeconds = 10;
  return {
    __rate_interval: `${Math.max(stepSeconds + scrapeSeconds, 4 * scrapeSeconds)}s`,
    __interval: `${stepSeconds}s`,
    __range: `${rangeSeconds}s`,
    __range_s: `${rangeSeconds}`,
  };
}

/** An expression with the values of its variables. Each that is left is an error: Prometheus would refuse it. */
export function substituted(expression: string, choice: Choice): string {
  const text = expression.replace(/\$\{?(\w+)(?::\w+)?\}?/g, (written, name: string) => choice[name] ?? written);
  const left = /\$\{?[a-zA-Z_]\w*\}?/.exec(text)?.[0];
  // `$1` of label_replace is no variable.
  if (left !== undefined) throw new Error(`No value of ${left} in ${expression}`);
  return text;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return textOf(value[0]);
  return typeof value === 'string' ? value : '';
}
