import { expect, test } from 'vitest';
import { readLogql } from './logql.ts';

test.each([
  '{job="a"}',
  '{job="a", level!=""} |= "error" != `x` |~ "a.*b"',
  '{job=~"a|b"} | json | level="error" | line_format "{{.msg}}"',
  'sum by (level) (count_over_time({job="a"} | logfmt [5m]))',
  'sum(rate({job="a"} | json | unwrap duration [1m])) / 2',
  'topk(5, sum by (event) (count_over_time({job="a"} | json [1h])))',
])('%s is read', (query) => {
  expect(readLogql(query).problems).toEqual([]);
});

test.each<[string, number, string]>([
  ['', 0, 'empty'],
  ['{job="a"', 8, 'too early'],
  ['{job="a"} |=', 12, 'too early'],
  ['{}', 0, 'matches every stream'],
  ['{job=~".*"}', 0, 'matches every stream'],
  ['{job!="a", host=~".*"}', 0, 'matches every stream'],
  ['up', 0, 'does not belong'],
  ['rate({job="a"}[5m]', 18, 'too early'],
  ['x'.repeat(30_000), 0, 'more than 20000'],
  ['('.repeat(19_000), 0, 'nested too deep'],
])('%j at %d is refused: %s', (query, from, message) => {
  const [problem] = readLogql(query).problems;

  expect(problem).toMatchObject({ from, message: expect.stringContaining(message) });
});

test('the ranges of a query are those in brackets', () => {
  const query = 'rate({job="a"} | json | duration > 10s [5m]) + rate({job="a"}[1h])';

  expect(readLogql(query).ranges.map(({ from, to }) => query.slice(from, to))).toEqual(['5m', '1h']);
});
