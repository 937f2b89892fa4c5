import { describe, expect, it } from 'vitest';
import { parseBudget, unitScale } from './budget.ts';

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
    ['count(a) >= 3', { function: 'count', limit: 3, comparison: '>=', unit: '' }],
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
    ['p96(a) < 1 ms', /no function "p96".*Did you mean p95\?/],
    ['jouls(a) < 1 J', /Did you mean joules\?/],
    ['mean(a) < 1 ms', /no function "mean": use p50, p95, p99, max, count, joules/],
    ['p95(a) < 250', /needs a unit: use ns, us, ms, s/],
    ['p95(a) < 250 J', /"J" is no unit of p95/],
    ['joules(a) < 1 ms', /"ms" is no unit of joules: use mJ, J, kJ, Wh\. Did you mean/],
    ['joules(a) < 1 kj', /Did you mean kJ\?/],
    ['count(a) < 3 ms', /count has no unit/],
    ['p95() < 1 ms', /Name the operation/],
    ['p95(a) = 1 ms', /not of the form/],
    ['p95 a < 1 ms', /not of the form/],
    ['p95(a) < -1 ms', /"-1" is not a number/],
    ['p95(a) < NaN ms', /not a number/],
    ['p95(a) < 1e999 ms', /not a number/],
    ['', /not of the form/],
  ])('refuses %s and says why', (text, message) => {
    expect(() => parseBudget(text)).toThrow(RangeError);
    expect(() => parseBudget(text)).toThrow(message);
  });

  it('gives limits back in the unit in which they were written', () => {
    const budget = parseBudget('joules(a) < 3 Wh');

    expect(budget.limit / unitScale(budget)).toBe(3);
  });
});
