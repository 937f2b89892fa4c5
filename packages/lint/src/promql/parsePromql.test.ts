import { describe, expect, test } from 'vitest';
import { type Expression, selectorsOf } from './expression.ts';
import { parsePromql } from './parsePromql.ts';
import { typeOf } from './typeOf.ts';

function parsed(text: string): Expression {
  const result = parsePromql(text);
  if ('error' in result) throw new Error(result.error.message);
  return result.expression;
}

/** In full brackets, so that the order of operators is seen. */
function written(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return `${expression.value}`;
    case 'string':
      return JSON.stringify(expression.value);
    case 'selector':
      return `${expression.name}${expression.hasOffset ? '@' : ''}`;
    case 'range':
      return `${written(expression.of)}[]`;
    case 'subquery':
      return `${written(expression.of)}[:]`;
    case 'negation':
      return `-${written(expression.of)}`;
    case 'aggregation':
      return `${expression.operator}<${expression.grouping?.labels.map(({ name }) => name).join(',') ?? ''}>(${expression.operands.map(written).join(', ')})`;
    case 'call':
      return `${expression.name}(${expression.operands.map(written).join(', ')})`;
    case 'binary':
      return `(${written(expression.left)} ${expression.operator} ${written(expression.right)})`;
  }
}

describe('a query', () => {
  test.each([
    ['a + b * c ^ d ^ e', '(a + (b * (c ^ (d ^ e))))'],
    ['a - b - c', '((a - b) - c)'],
    ['a or b and c unless d', '(a or ((b and c) unless d))'],
    ['a == 0 and b offset 1h == 1', '((a == 0) and (b@ == 1))'],
    ['a unless a offset 15m', '(a unless a@)'],
    ['a / on (x) group_left () b > 0.5', '((a / b) > 0.5)'],
    ['sum by (x, y) (rate(a{z="1"}[5m])) / 2', '(sum<x,y>(rate(a[])) / 2)'],
    ['topk(3, a)', 'topk<>(3, a)'],
    ['max_over_time(rate(a[5m])[1h:1m])', 'max_over_time(rate(a[])[:])'],
    ['rate(a[5m] offset 1d)', 'rate(a@[])'],
    ['a > -1', '(a > -1)'],
    ['-a', '-a'],
    ['a @ end()', 'a'],
    ['a > 1h', '(a > 3600)'],
    ['a > 1e3', '(a > 1000)'],
    ['a > +Inf', '(a > Infinity)'],
    ['{"a.b", c="d"}', 'a.b'],
    ['{__name__="a"}', 'a'],
    ['label_replace(a, "b", `\\d`, "c", "")', 'label_replace(a, "b", "\\\\d", "c", "")'],
    ['a # a comment', 'a'],
  ])('%s is read as %s', (text, expected) => {
    expect(written(parsed(text))).toBe(expected);
  });

  test('has its selectors with their matchers and places', () => {
    expect(selectorsOf(parsed('up + a{b=~"x|y",c!="\\"z"}'))).toMatchObject([
      { name: 'up', from: 0, to: 2 },
      {
        name: 'a',
        from: 5,
        matchers: [
          { label: 'b', operator: '=~', value: 'x|y' },
          { label: 'c', operator: '!=', value: '"z' },
        ],
      },
    ]);
  });
});

describe('text that is not a query', () => {
  test.each([
    ['nothing', '', 'The expression ends too early.'],
    ['a bracket that is not closed', 'sum(', 'The expression ends too early.'],
    ['two names', 'a b', '"b" does not belong here.'],
    ['a range without a time', 'rate(a[])', 'does not belong here'],
    ['a value without quotes', 'a{b=c}', 'does not belong here'],
    ['a brace that is not closed', 'a{', 'The expression ends too early.'],
    ['a control character', '\u0000', 'does not belong here'],
    ['two hundred brackets', `${'('.repeat(200)}a${')'.repeat(200)}`, 'more than 100 levels'],
    ['fifteen thousand open brackets', '('.repeat(15_000), 'more than 100 levels'],
    ['nineteen thousand signs', `${'-'.repeat(19_000)}a`, 'more than 100 levels'],
    ['twenty thousand characters', 'a'.repeat(20_001), 'more than 20000 characters'],
    ['five thousand sums', Array.from({ length: 5000 }, () => 'a').join('+'), 'more than 100 levels'],
  ])('%s is an error', (_, text, message) => {
    const result = parsePromql(text);

    expect('error' in result && result.error.message).toContain(message);
  });
});

describe('types', () => {
  test.each([
    ['rate(a[5m])', 'vector'],
    ['a[5m]', 'range'],
    ['1 + 2', 'scalar'],
    ['time() - a', 'vector'],
    ['"a"', 'string'],
    ['round(a)', 'vector'],
    ['label_join(a, "b", ",", "c", "d")', 'vector'],
    ['hour()', 'vector'],
  ])('%s gives a %s', (text, type) => {
    expect(typeOf(parsed(text))).toEqual({ type, problems: [] });
  });

  test.each([
    ['rate(a)', 'rate takes a range vector, and this is an instant vector.'],
    ['sum(a[5m])', 'sum takes an instant vector, and this is a range vector.'],
    ['a[5m] + 1', '+ takes an instant vector or a number, and this is a range vector.'],
    ['a and 1', 'and takes an instant vector, and this is a number.'],
    ['topk(a)', 'topk takes 2 operands, and has 1.'],
    ['histogram_quantile(0.5)', 'histogram_quantile takes 2 operands, and has 1.'],
    ['rate(sum(a)[5m])', 'of an expression it is a subquery'],
    ['{a=""}', 'The selector matches every series'],
    ['{a=~".*"}', 'The selector matches every series'],
  ])('%s is refused', (text, message) => {
    const result = parsePromql(text);
    const messages =
      'error' in result ? [result.error.message] : typeOf(result.expression).problems.map((each) => each.message);

    expect(messages.join('\n')).toContain(message);
  });
});
