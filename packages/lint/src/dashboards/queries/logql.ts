import { parser } from '@grafana/lezer-logql';
import { treeOf } from '../../promql/treeOf.ts';

export interface LogqlProblem {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

export interface ReadLogql {
  /** What Loki would refuse: the first error of the grammar, or a selector that matches every stream. */
  readonly problems: readonly LogqlProblem[];
  /** The ranges in brackets, without them. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

/** Longest query that is read, in characters. */
const maxLength = 20_000;

/** Reads a query of Loki with the grammar of Grafana's own editor. Never throws. */
export function readLogql(text: string): ReadLogql {
  const problems: LogqlProblem[] = [];
  const ranges: { from: number; to: number }[] = [];
  if (text.trim() === '') return { problems: [{ message: 'The query is empty.', from: 0, to: 0 }], ranges };
  if (text.length > maxLength) {
    const message = `The query has more than ${maxLength} characters.`;
    return { problems: [{ message, from: 0, to: text.length }], ranges };
  }
  const tree = treeOf(parser, text);
  if (tree === undefined) {
    return { problems: [{ message: 'The query is nested too deep.', from: 0, to: text.length }], ranges };
  }
  const cursor = tree.cursor();
  do {
    const { from, to, name } = cursor;
    if (cursor.type.isError) {
      if (problems.length === 0) problems.push({ message: errorAt(text, from, to), from, to });
    } else if (name === 'Duration' && text[from - 1] === '[') ranges.push({ from, to });
    else if (name === 'Selector' && problems.length === 0 && !matchesSome(text.slice(from, to))) {
      const message = 'The selector matches every stream: Loki wants one matcher that does not match the empty text.';
      problems.push({ message, from, to });
    }
  } while (cursor.next());
  return { problems, ranges };
}

function errorAt(text: string, from: number, to: number): string {
  if (from >= text.trimEnd().length) return 'The query ends too early.';
  const found = text.slice(from, Math.max(to, from + 1)).trim() || text.slice(from).trim();
  return `"${found.slice(0, 30)}" does not belong here.`;
}

/** Source: grafana.com/docs/loki/latest/query/log_queries, "Log stream selector". */
function matchesSome(selector: string): boolean {
  const matchers = [...selector.matchAll(/(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g)];
  return matchers.some(([, operator, quoted, raw]) => {
    const value = quoted ?? raw ?? '';
    if (operator === '=') return value !== '';
    if (operator === '!=') return value === '';
    try {
      return new RegExp(`^(?:${value})$`).test('') !== (operator === '=~');
    } catch {
      // RE2 knows forms that JavaScript does not.
      return true;
    }
  });
}
