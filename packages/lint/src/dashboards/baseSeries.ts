import { type Expression, selectorsOf } from '../promql/expression.ts';

/** Queries of recording rules by name. Two rules may have one name. */
export type Recordings = ReadonlyMap<string, readonly Expression[]>;

/** The series that an expression is made from, through recording rules, and without the parts of histograms. */
export function baseSeries(expression: Expression, recordings: Recordings): ReadonlySet<string> {
  const names = new Set<string>();
  const read = new Set<string>();
  const waiting: Expression[] = [expression];
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    for (const { name } of selectorsOf(each)) {
      // A rule that uses itself, or is used by many, is read once.
      if (name === undefined || read.has(name)) continue;
      read.add(name);
      names.add(name.replace(/_(bucket|sum|count)$/, ''));
      waiting.push(...(recordings.get(name) ?? []));
    }
  }
  return names;
}
