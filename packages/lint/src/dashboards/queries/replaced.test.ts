// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable
import { describe, expect, test } from 'vitest';
import type { Variable } from '../model/dashboard.ts';
import { replaced } from './replaced.ts';

const variable = (name: string, type: string, current?: string, query?: string): Variable => {
  const at = { line: 1, column: 1 };
  const node = { kind: 'map', entries: [], at } as const;
  const written = query === undefined ? undefined : { text: query, at };
  return { node, at, type, name, query: written, datasource: undefined, isRefreshed: true, current, isMulti: false };
};
const variables = [
  variable('step', 'interval', '15m'),
  variable('limit', 'constant', '0.5'),
  variable('agg', 'custom', undefined, 'avg,sum'),
  variable('metric', 'custom', 'hw_power_watts'),
  variable('job', 'query', 'All'),
];

describe('a value stands where the variable was written', () => {
  test.each([
    ['rate(x[$__rate_interval])', 'rate(x[5m])'],
    ['x{job=~"$job"}', 'x{job=~"x"}'],
    ['x{job=~"${job:regex}",a=~"[[job]]|b"}', 'x{job=~"x",a=~"x|b"}'],
    ['x{job=~"${job.text}"}', 'x{job=~"x"}'],
    ['rate(x[$step])', 'rate(x[15m])'],
    ['rate(x[$window])', 'rate(x[1m])'],
    ['rate(x[$step:$__interval])', 'rate(x[15m:1m])'],
    ['x offset $before', 'x offset 1m'],
    ['increase(x[${__range_s}s])', 'increase(x[3600s])'],
    ['x > $limit', 'x > 0.5'],
    ['x > $other', 'x > 1'],
    ['topk($n, x)', 'topk(1, x)'],
    ['$agg(x)', 'avg(x)'],
    ['$fn(x)', 'sum(x)'],
    ['sum by ($label) (x)', 'sum by (x) (x)'],
    ['$metric{a="b"}', 'hw_power_watts{a="b"}'],
    ['rate($other[5m])', 'rate(x[5m])'],
    ['hw_${part}_watts', 'hw_x_watts'],
    ['label_replace(x, "a", "$1", "b", "(.*)")', 'label_replace(x, "a", "$1", "b", "(.*)")'],
    ['x{a=~"b$"}', 'x{a=~"b$"}'],
    ['x{a=~"[[:alpha:]]"}', 'x{a=~"[[:alpha:]]"}'],
  ])('%s', (query, expected) => {
    expect(replaced(query, variables).text).toBe(expected);
  });
});

test('places are those of the written query, before, in and behind a variable', () => {
  const query = 'rate(a{job=~"$job"}[$__rate_interval]) + b';
  const { text, original } = replaced(query);

  for (const part of ['rate(', 'a{', '[', '+', 'b']) {
    expect(original(text.lastIndexOf(part)), part).toBe(query.lastIndexOf(part));
  }
  expect(original(text.indexOf('5m') + 1)).toBe(query.indexOf('$__rate_interval'));
});

test('the variables that it names are known, without those of Grafana', () => {
  const { names, text, variableIn } = replaced('a{b="$b",c="${b}"} + $d / $__range_s');

  expect(names).toEqual(['b', 'd']);
  expect(variableIn(0, 1)).toBeUndefined();
  expect(variableIn(0, text.length)).toBe('b');
});

test('a query that is longer than any parser reads is left as it is', () => {
  expect(replaced('$a '.repeat(10_000)).text).toBe('$a '.repeat(10_000));
});
