import type { Variable } from '../model/dashboard.ts';

/** A query in which values stand for Grafana's variables, so that a grammar can read it. */
export interface Replaced {
  readonly text: string;
  /** The variables that it names, without those of Grafana itself. */
  readonly names: readonly string[];
  /** Where a character of `text` was written. */
  original(offset: number): number;
  /** The variable that stands, wholly or in part, between two offsets of `text`. */
  variableIn(from: number, to: number): string | undefined;
}

interface Segment {
  readonly name: string;
  /** In the written query. */
  readonly from: number;
  readonly to: number;
  /** In the text. */
  readonly start: number;
  readonly end: number;
}

/** `$x`, `${x}`, `${x.field:regex}`, `[[x]]`, `[[x:regex]]`. Source: grafana.com/docs/grafana/latest/visualizations/dashboards/variables/variable-syntax. */
export const variableForm: RegExp = /\$\{(\w+)(?:\.[^}:]+)?(?::[^}]*)?\}|\[\[(\w+)(?::[^\]]*)?\]\]|\$(\w+)/g;

/** Grafana's own, in an hour seen at a step of a minute. Source: grafana.com/docs/grafana/latest/visualizations/dashboards/variables/add-template-variables, "Global variables". */
const ownValues: ReadonlyMap<string, string> = new Map(
  Object.entries({
    __rate_interval: '5m',
    __interval: '1m',
    __interval_ms: '60000',
    __range: '1h',
    __range_s: '3600',
    __range_ms: '3600000',
    __auto: '1m',
    __from: '1700000000000',
    __to: '1700003600000',
  }),
);

/** Longest query that is looked at, in characters: the parsers refuse longer ones. */
const maxLength = 20_000;
/** Characters around a variable that show what it stands for. */
const near = 200;

/** Replaces variables by values that fit where they stand: a duration in brackets, a number next to an operator, else a word. */
export function replaced(query: string, variables: readonly Variable[] = []): Replaced {
  const known = new Map(variables.map((variable) => [variable.name, variable]));
  const segments: Segment[] = [];
  const names = new Set<string>();
  const quotes = quotedParts(query);
  let text = '';
  let written = 0;
  for (const match of query.length > maxLength ? [] : query.matchAll(variableForm)) {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    const [from, to] = [match.index, match.index + match[0].length];
    // `$1` in a replacement of label_replace is a group of its pattern.
    if (/^\d+$/.test(name)) continue;
    text += query.slice(written, from);
    const isQuoted = quotes.some((part) => part.from < from && to <= part.to);
    const value =
      ownValues.get(name) ??
      (isQuoted
        ? 'x'
        : standIn(known.get(name), query.slice(Math.max(0, from - near), from), query.slice(to, to + near)));
    segments.push({ name, from, to, start: text.length, end: text.length + value.length });
    text += value;
    written = to;
    if (!name.startsWith('__')) names.add(name);
  }
  text += query.slice(written);
  return {
    text,
    names: [...names],
    original(offset) {
      let shift = 0;
      for (const segment of segments) {
        if (offset < segment.start) break;
        if (offset < segment.end) return segment.from;
        shift = segment.to - segment.end;
      }
      return offset + shift;
    },
    variableIn: (from, to) => segments.find(({ start, end }) => start < to && end > from)?.name,
  };
}

/** Texts in quotes of any kind. */
function quotedParts(query: string): readonly { readonly from: number; readonly to: number }[] {
  return [...query.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g)].map(({ index, 0: part }) => {
    return { from: index, to: index + part.length };
  });
}

const durationForm = /^\d+(ms|[smhdwy])$/;
const numberForm = /^-?\d+(\.\d+)?$/;

/** Outside of quotes. */
function standIn(variable: Variable | undefined, before: string, after: string): string {
  const sample = sampleOf(variable);
  const last = before.trimEnd();
  if (/\[\s*(\d\w*\s*:\s*)?$/.test(before) || /\boffset\s*-?$/.test(last)) {
    return sample !== undefined && durationForm.test(sample) ? sample : '1m';
  }
  if (/^\s*\(/.test(after)) return sample !== undefined && /^[a-z_]+$/.test(sample) ? sample : 'sum';
  // A part of a name, or a name before its braces or range.
  if (/[\w:]$/.test(before) || /^[\w:{[]/.test(after))
    return sample !== undefined && /^[\w:]+$/.test(sample) ? sample : 'x';
  if (/\b(by|without|on|ignoring|group_left|group_right)\s*\([^()]*$/.test(before)) return 'x';
  if (sample !== undefined && (numberForm.test(sample) || durationForm.test(sample))) return sample;
  const isNumber =
    /([<>=+\-*/%^]|\bbool)$/.test(last) ||
    /^\s*[<>=+\-*/%^]/.test(after) ||
    /\b(topk|bottomk|limitk|quantile|limit_ratio|histogram_quantile|quantile_over_time)\s*(by\s*\([^)]*\)\s*)?\($/.test(
      last,
    );
  if (isNumber) return '1';
  return sample !== undefined && /^[a-zA-Z_:][\w:]*$/.test(sample) ? sample : 'x';
}

/** A value that the variable has, where the dashboard states one: the chosen one, or the first of a list. */
function sampleOf(variable: Variable | undefined): string | undefined {
  if (variable === undefined || variable.type === 'query' || variable.type === 'datasource') return undefined;
  const { current, query } = variable;
  if (current !== undefined && current !== '' && !/^(\$__|All$|auto$)/.test(current)) return current;
  const [first] = (query?.text ?? '').split(',');
  return first?.split(' : ').at(-1)?.trim();
}
