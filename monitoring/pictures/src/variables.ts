import type { VariableModel } from './model.ts';

/** A variable with what it is set to. */
export interface Variable {
  readonly name: string;
  /** One value, the values of a variable with several, or a regular expression for all. */
  readonly value: string | readonly string[] | { readonly all: string };
  /** Values go into a regular expression: Grafana escapes them where a variable can have several. */
  readonly isPattern: boolean;
  /** What the reader sees. */
  readonly text: string;
}

/** `$name`, `${name}`, `${name:format}` and `[[name]]`. */
const reference = /\$(\w+)|\$\{(\w+)(?::(\w+))?\}|\[\[(\w+)(?::(\w+))?\]\]/g;

/** The text with the values of known variables. References to unknown ones stay, as in Grafana. */
export function replaced(text: string, variables: ReadonlyMap<string, Variable>): string {
  return text.replace(reference, (whole, plain, braced, bracedFormat, bracketed, bracketedFormat) => {
    const variable = variables.get(plain ?? braced ?? bracketed);
    return variable === undefined ? whole : formatted(variable, bracedFormat ?? bracketedFormat);
  });
}

/** The formats of https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/ that queries use. */
function formatted({ value, isPattern, text }: Variable, format: string | undefined): string {
  if (format === 'text') return text;
  if (typeof value === 'object' && 'all' in value) return value.all;
  const values = typeof value === 'string' ? [value] : value;
  if (format === 'raw' || format === 'csv') return values.join(',');
  if (format === 'pipe') return values.join('|');
  if (format !== 'regex' && !isPattern) return values.map(withoutQuotes).join(',');
  const patterns = values.map(escapedPattern);
  return patterns.length === 1 ? (patterns[0] ?? '') : `(${patterns.join('|')})`;
}

/** For a regular expression inside a string of PromQL: each backslash twice. */
function escapedPattern(value: string): string {
  return value.replace(/[$^*{}[\]+?.()|\\]/g, String.raw`\\$&`);
}

/** For a string of PromQL. */
function withoutQuotes(value: string): string {
  return value.replace(/[\\"]/g, String.raw`\$&`);
}

/** A variable as it is when the dashboard opens: what the file has chosen, else all, else the first of its options. */
export function opened(model: VariableModel, options: readonly string[]): Variable {
  const { name } = model;
  const isPattern = model.multi === true || model.includeAll === true;
  const chosen = model.current?.value;
  const wanted = typeof chosen === 'string' ? [chosen] : (chosen ?? []);
  const isAll = wanted.includes('$__all') || (wanted.length === 0 && model.includeAll === true);
  if (isAll) {
    const all = model.allValue ?? (options.length === 0 ? '' : `(${options.map(escapedPattern).join('|')})`);
    return { name, value: { all }, isPattern, text: 'All' };
  }
  // A choice that the data does not have is replaced by the first option; constants and text have no options.
  const there = options.length === 0 ? wanted : wanted.filter((value) => options.includes(value));
  const values = there.length > 0 ? there : options.slice(0, 1);
  return {
    name,
    value: model.multi ? values : (values[0] ?? ''),
    isPattern,
    text: values.join(' + ') || 'None',
  };
}

/** What Grafana itself gives to a query. */
export function builtIn(values: Readonly<Record<string, string>>): Variable[] {
  return Object.entries(values).map(([name, value]) => ({
    name,
    value: { all: value },
    isPattern: false,
    text: value,
  }));
}
