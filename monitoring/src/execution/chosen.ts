import { VariableSort } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboards } from '../dashboards.ts';
import { panelsOf } from '../lint.ts';

/** The time that a query is asked for, in seconds. */
export interface QueryTime {
  readonly end: number;
  readonly rangeSeconds: number;
  readonly stepSeconds: number;
}

/** The API of Prometheus for the values of a label. */
export type LabelValues = (selector: string, label: string, time: QueryTime) => Promise<readonly string[]>;

/** What Grafana writes for the variables of a dashboard. */
export type Choice = Readonly<Record<string, string>>;

/** A dashboard as it opens: everything chosen where that can be, else the first value that there is. */
export async function openedChoice(name: string, labelValues: LabelValues, time: QueryTime): Promise<Choice> {
  const templating = dashboards[name]?.().templating;
  const choice: Record<string, string> = {};
  for (const { name: variable, type, allValue, includeAll, current, definition, query, sort } of templating?.list ??
    []) {
    if (type === 'datasource') continue;
    if (includeAll) choice[variable] = allValue ?? '.*';
    else if (type === 'query') {
      const known = textOf(current?.value);
      const values = await valuesOf(substituted(definition ?? '', { ...choice, ...builtIn(time) }), labelValues, time);
      const first = sort === VariableSort.AlphabeticalDesc ? values.at(-1) : values[0];
      choice[variable] = known !== '' && values.includes(known) ? known : (first ?? '');
    } else choice[variable] = textOf(current?.value) || textOf(query);
  }
  return choice;
}

/** The values of a variable: its query is `label_values(SELECTOR, LABEL)`. */
export function valuesOf(definition: string, labelValues: LabelValues, time: QueryTime): Promise<readonly string[]> {
  const [, selector, label] = /^label_values\((.*), (\w+)\)$/s.exec(definition) ?? [];
  if (selector === undefined || label === undefined)
    throw new Error(`"${definition}" is not label_values(SELECTOR, LABEL).`);
  return labelValues(selector, label, time);
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

/** How a panel asks: over its own time where it has one (`timeFrom`), and with steps that are no shorter than its `interval`. */
export function timeOf(dashboard: string, id: number, time: QueryTime): QueryTime {
  const built = dashboards[dashboard]?.();
  const panel = built && panelsOf(built).find((each) => each.id === id);
  const rangeSeconds = panel?.timeFrom === undefined ? time.rangeSeconds : secondsOf(panel.timeFrom, time.end);
  const least = panel?.interval === undefined ? 0 : secondsOf(panel.interval, time.end);
  // Grafana draws 1,000 points at most.
  const stepSeconds = Math.max(time.stepSeconds, least, Math.ceil(rangeSeconds / 1000 / 60) * 60);
  return {
    end: time.end,
    rangeSeconds,
    stepSeconds: rangeSeconds === time.rangeSeconds && least === 0 ? time.stepSeconds : stepSeconds,
  };
}

const units: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 7 * 86_400,
  M: 30 * 86_400,
  y: 365 * 86_400,
};

/** `30d`, and `now/d`: since the day (UTC) began. */
function secondsOf(text: string, end: number): number {
  const [, of] = /^now\/([dwM])$/.exec(text) ?? [];
  if (of === 'd') return end % secondsOf('1d', end);
  if (of !== undefined) return secondsOf(`1${of}`, end);
  const [, count, unit = ''] = /^(\d+)([smhdwMy])$/.exec(text) ?? [];
  const seconds = Number(count) * (units[unit] ?? Number.NaN);
  if (Number.isNaN(seconds)) throw new Error(`"${text}" is no time of a panel.`);
  return seconds;
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
