import type { VariableModel } from './model.ts';

/** What a variable asks Prometheus for. */
export type OptionQuery =
  | { readonly kind: 'labelValues'; readonly label: string; readonly selector?: string }
  | { readonly kind: 'result'; readonly expr: string }
  | { readonly kind: 'metrics'; readonly pattern: string }
  | { readonly kind: 'fixed'; readonly values: readonly string[] };

/** The query of a variable, its references replaced already; undefined where it is of a kind that is not understood. */
export function optionQuery(
  { type, query }: VariableModel,
  replace: (text: string) => string,
): OptionQuery | undefined {
  const raw = typeof query === 'string' ? query : (query?.query ?? '');
  if (type === 'custom' || type === 'interval') return { kind: 'fixed', values: listed(raw) };
  if (type === 'constant' || type === 'textbox') return { kind: 'fixed', values: [raw] };
  // The page has one data source; its name is all that a reader sees of it.
  if (type === 'datasource') return { kind: 'fixed', values: [raw] };
  if (type !== 'query') return undefined;
  const text = replace(raw).trim();
  const [, inLabels] = text.match(/^label_values\((.*)\)$/s) ?? [];
  if (inLabels !== undefined) {
    const [, selector, label] = inLabels.match(/^(?:(.*),)?\s*([a-zA-Z_]\w*)\s*$/s) ?? [];
    if (label === undefined) return undefined;
    return { kind: 'labelValues', label, ...(selector === undefined ? {} : { selector: selector.trim() }) };
  }
  const [, expr] = text.match(/^query_result\((.*)\)$/s) ?? [];
  if (expr !== undefined) return { kind: 'result', expr };
  const [, pattern] = text.match(/^metrics\((.*)\)$/s) ?? [];
  return pattern === undefined ? undefined : { kind: 'metrics', pattern };
}

/** `a, b : c`: values with commas between, each with a text before its colon where it has one. */
function listed(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim().replace(/^.* : /, ''))
    .filter((entry) => entry !== '');
}

/** The options as the variable filters and sorts them (1 to 8 of Grafana's `sort`; 0 keeps the order). */
export function narrowed(values: readonly string[], { regex, sort = 0 }: VariableModel): string[] {
  const pattern = regex ? asRegExp(regex) : undefined;
  const kept = values.flatMap((value) => {
    if (pattern === undefined) return [value];
    const match = pattern.exec(value);
    return match ? [match.groups?.value ?? match[1] ?? match[0]] : [];
  });
  const distinct = [...new Set(kept)];
  if (sort === 0) return distinct;
  const isNumeric = sort === 3 || sort === 4;
  const ascending = distinct.sort((left, right) =>
    left.localeCompare(right, 'en', { numeric: isNumeric || sort >= 7, sensitivity: sort >= 5 ? 'base' : 'variant' }),
  );
  return sort % 2 === 0 ? ascending.reverse() : ascending;
}

function asRegExp(text: string): RegExp {
  const [, body, flags] = text.match(/^\/(.*)\/([a-z]*)$/s) ?? [];
  return body === undefined ? new RegExp(text) : new RegExp(body, flags?.replace('g', ''));
}
