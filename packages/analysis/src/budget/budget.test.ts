import { BenchlabError } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { inUnitOf, parseBudget, unitScale } from './budget.ts';
import { budgetGrammar, functionNames } from './functions.ts';

describe('the budget grammar', () => {
  it.each([
    ['p95(checkout) < 250 ms', { function: 'p95', operation: 'checkout', comparison: '<', limit: 0.25, unit: 'ms' }],
    ['p50(a)<1s', { function: 'p50', limit: 1, unit: 's' }],
    ['p99(a) < 500us', { function: 'p99', limit: 0.0005 }],
    ['max(a) < 20 ns', { function: 'max', limit: 20e-9 }],
    ['joules(a) < 12 J', { function: 'joules', limit: 12 }],
    ['joules(a) < 250 mJ', { limit: 0.25 }],
    ['joules(a) <= 1.5 kJ', { limit: 1500, comparison: '<=' }],
    ['joules(a) < .5 Wh', { limit: 1800 }],
    ['joules(chat) < 250 mJ/token', { limit: 0.25, unit: 'mJ/token', per: 'token' }],
    ['joules(a) < 1 J/ai_frame-2', { per: 'ai_frame-2' }],
    ['count(a) >= 3', { function: 'count', limit: 3, comparison: '>=', unit: '' }],
    ['count(a) == 3', { comparison: '==', limit: 3 }],
    ['p90(a) < 1 ms', { function: 'p90', limit: 0.001 }],
    ['mean(a) < 1 ms', { function: 'mean', limit: 0.001 }],
    ['errors(a) < 1 %', { function: 'errors', limit: 0.01, unit: '%' }],
    ['errors(a) < 1%', { function: 'errors', limit: 0.01, unit: '%' }],
    ['errors(a) == 0', { function: 'errors', limit: 0, unit: '' }],
    ['rate(a) > 5 /s', { function: 'rate', limit: 5, unit: '/s' }],
    ['rate(a) > 120/min', { function: 'rate', limit: 2, unit: '/min' }],
    ['p95(GET /cart, client) < 1 s', { operation: 'GET /cart', kind: 'client' }],
    ['p95(GET *,server) < 1 s', { operation: 'GET *', kind: 'server' }],
    ['p95(Cart.add(item, client2)) < 1 s', { operation: 'Cart.add(item, client2)' }],
    ['  p95( checkout )  >  1e2   ms ', { operation: 'checkout', limit: 0.1, comparison: '>' }],
  ])('reads %s', (text, expected) => {
    const budget = parseBudget(text);

    expect(budget).toMatchObject({
      ...expected,
      ...('limit' in expected ? { limit: expect.closeTo(expected.limit, 12) } : {}),
    });
    expect(budget.text).toBe(text.trim());
  });

  it.each([
    ['p95(GET /cart/:id) < 1 s', 'GET /cart/:id'],
    ['p95(Cart.add(item, 2)) < 1 s', 'Cart.add(item, 2)'],
    ['p95(a < b) < 1 s', 'a < b'],
    ['p95(naïve résumé 漢字) < 1 s', 'naïve résumé 漢字'],
    ['p95()) < 1 s', ')'],
  ])('takes the operation of %s to the last parenthesis', (text, operation) => {
    expect(parseBudget(text)).toMatchObject({ operation, limit: 1 });
  });

  it.each([
    ['p96(a) < 1 ms', /no function "p96".*Did you mean p90\?/],
    ['jouls(a) < 1 J', /Did you mean joules\?/],
    ['average(a) < 1 ms', /no function "average": use p50, p90, p95, p99, max, mean, count, errors, rate, joules/],
    ['p95(a) == 250 ms', /p95 is measured, and never equal to a limit: use < or >\. == is for count and errors/],
    ['joules(a) == 1 J', /joules is measured/],
    ['errors(a) < 1 ms', /"ms" is not a unit of errors: use %, or no unit/],
    ['errors(a) < 1 %%', /"%%" is not a unit/],
    ['p95(a) < 5 %', /"%" is not a unit of p95/],
    ['rate(a) > 5', /needs a unit: use \/s, \/min, \/h/],
    ['rate(a) > 5 /day', /"\/day" is not a unit of rate/],
    ['rate(a) > 5 ms/s', /"ms\/s" is not a unit of rate/],
    ['p95(, client) < 1 ms', /Name the operation/],
    ['p95(a) < 250', /needs a unit: use ns, us, ms, s/],
    ['p95(a) < 250 J', /"J" is not a unit of p95/],
    ['joules(a) < 1 ms', /"ms" is not a unit of joules: use mJ, J, kJ, Wh\. Did you mean/],
    ['joules(a) < 1 kj', /Did you mean kJ\?/],
    ['joules(a) < 1 constructor', /"constructor" is not a unit/],
    ['toString(a) < 1 ms', /no function "toString"/],
    ['count(a) < 3 ms', /count has no unit/],
    ['p95(a) < 3 ms/token', /p95 is not for a unit of work; remove "\/token"/],
    ['joules(a) < 3 J/', /"" is not a unit of work/],
    ['joules(a) < 3 J/2tokens', /"2tokens" is not a unit of work: use letters, digits, _ and -/],
    ['joules(a) < 3 J/token/s', /not of the form/],
    ['joules(a) < 3 /token', /needs a unit/],
    ['p95() < 1 ms', /Name the operation/],
    ['p95(a) = 1 ms', /not of the form/],
    ['p95 a < 1 ms', /not of the form/],
    ['p95(a) < -1 ms', /"-1" is not a number/],
    ['p95(a) < NaN ms', /not a number/],
    ['p95(a) < 1e999 ms', /not a number/],
    ['', /not of the form/],
  ])('refuses %s and states why', (text, message) => {
    expect(() => parseBudget(text)).toThrow(BenchlabError);
    expect(() => parseBudget(text)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    expect(() => parseBudget(text)).toThrow(message);
  });

  it('gives limits back in the unit in which they were written', () => {
    const budget = parseBudget('joules(a) < 3 Wh');

    expect(budget.limit / unitScale(budget)).toBe(3);
  });

  it('shows a value in the unit of its budget', () => {
    expect(inUnitOf(parseBudget('joules(a) < 1 Wh'), 1800)).toBe('0.500 Wh');
    expect(inUnitOf(parseBudget('p95(a) < 1 s'), 0.25)).toBe('0.250 s');
    expect(inUnitOf(parseBudget('count(a) < 1'), 12345)).toBe('12345');
    expect(inUnitOf(parseBudget('errors(a) < 1'), 12345)).toBe('12345');
    expect(inUnitOf(parseBudget('errors(a) < 1 %'), 0.0234)).toBe('2.34 %');
    expect(inUnitOf(parseBudget('rate(a) > 60 /min'), 0.5)).toBe('30.0 /min');
    expect(inUnitOf(parseBudget('joules(a) < 1 mJ/token'), 0.0123456, 0.0000321)).toBe('12.346 mJ/token');
    expect(unitScale(parseBudget('joules(a) < 1 mJ/token'))).toBe(1e-3);
  });

  it.each(functionNames)('names %s in the text for help', (name) => {
    expect(budgetGrammar).toContain(name);
  });
});

it('refuses a text of more than 1,000 characters at once', () => {
  const text = `p95(${')<a '.repeat(7500)}(`;

  expect(() => parseBudget(text)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  expect(() => parseBudget(text)).toThrow(/has 30005 characters. Use at most 1000.$/);
  expect(parseBudget(`count(${'x'.repeat(900)}) < 5`).operation).toHaveLength(900);
});
