export type VariableQuery =
  | { readonly error: string }
  | {
      /** A selector or an expression, without the function around it. Undefined where it has none. */
      readonly text: string | undefined;
      readonly from: number;
      /** `label_values`: which series there are, and not what they are. */
      readonly isSelection: boolean;
      readonly label?: string;
    };

/** What a query of a variable asks of Prometheus. Source: grafana.com/docs/grafana/latest/datasources/prometheus/template-variables. */
export function variableQuery(text: string): VariableQuery {
  const match = /^\s*(\w+)\s*\(([\s\S]*)\)\s*$/.exec(text);
  const [, name = '', inside = ''] = match ?? [];
  const start = text.indexOf('(') + 1;
  if (match === null || !/^(label_names|label_values|metrics|query_result)$/.test(name)) {
    return { error: 'The query is not label_values(), label_names(), metrics() or query_result().' };
  }
  if (name === 'query_result') return { text: inside, from: start, isSelection: false };
  if (name === 'metrics') return { text: undefined, from: 0, isSelection: true };
  if (name === 'label_names') {
    return { text: inside.trim() === '' ? undefined : inside, from: start, isSelection: true };
  }
  const comma = lastComma(inside);
  const label = inside.slice(comma + 1).trim();
  if (!/^[a-zA-Z_]\w*$/.test(label)) return { error: `"${label.slice(0, 30)}" is not the name of a label.` };
  return { text: comma < 0 ? undefined : inside.slice(0, comma), from: start, isSelection: true, label };
}

/** The last comma that is not in braces, brackets or quotes. */
function lastComma(text: string): number {
  const masked = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, (part) => '_'.repeat(part.length));
  let depth = 0;
  for (let at = masked.length - 1; at >= 0; at--) {
    const character = masked[at] ?? '';
    if (')}]'.includes(character)) depth++;
    if ('({['.includes(character)) depth--;
    if (character === ',' && depth === 0) return at;
  }
  return -1;
}
