import { BenchlabError } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { parseBudget } from './budget.ts';
import { isRelative, parseRelativeBudget, relativeFunctions } from './relativeBudget.ts';
import { relativeGrammar } from './relativeGrammar.ts';

describe('a budget with a baseline', () => {
  it.each([
    ['p95(checkout) < baseline', { function: 'p95', operation: 'checkout', role: 'system' }],
    ['p95(checkout) < 1.05 × baseline', { factor: 1.05 }],
    ['p95(checkout) < 1.05 x baseline', { factor: 1.05 }],
    ['p95(checkout)<1.05*baseline', { factor: 1.05 }],
    ['p95(checkout) <= 1.05xbaseline', { factor: 1.05 }],
    ['  mean( GET /cart/:id )  <  0.9 x baseline ', { function: 'mean', operation: 'GET /cart/:id', factor: 0.9 }],
    ['p99(a < baseline) < baseline', { function: 'p99', operation: 'a < baseline' }],
    ['errors(a) < baseline', { function: 'errors' }],
    ['joules(a) < baseline', { function: 'joules', role: 'system' }],
    ['joules(a, gpu) < 1.1 x baseline', { operation: 'a', role: 'gpu', factor: 1.1 }],
    ['joules(f(a, gpu)) < baseline', { operation: 'f(a, gpu)', role: 'system' }],
    ['joules(a, b, cpu) < baseline', { operation: 'a, b', role: 'cpu' }],
    ['joules(chat) < 1.02 x baseline/token', { per: 'token', factor: 1.02 }],
    ['watts() < baseline', { function: 'watts', operation: '', role: 'system' }],
    ['watts(gpu) < baseline', { role: 'gpu' }],
  ])('reads %s', (text, expected) => {
    expect(isRelative(text)).toBe(true);
    expect(parseRelativeBudget(text)).toMatchObject({ text: text.trim(), ...expected });
  });

  it('without a number has no factor', () => {
    expect(parseRelativeBudget('p95(a) < baseline')).not.toHaveProperty('factor');
    expect(parseRelativeBudget('p95(a) < baseline')).not.toHaveProperty('per');
  });

  it.each(['p95(baseline) < 5 ms', 'count(a < baseline) >= 1'])('is not %s, whose operation has that name', (text) => {
    expect(isRelative(text)).toBe(false);
    expect(parseBudget(text).text).toBe(text);
  });

  it.each([
    ['p96(a) < baseline', /"p96" is not compared with a baseline: use p50.*Did you mean p9/],
    ['count(a) < baseline', /"count" is not compared with a baseline/],
    ['p95(a) > baseline', /write < instead of >/],
    ['p95(a) == 2 x baseline', /write < instead of ==/],
    ['p95() < baseline', /Name the operation/],
    ['joules(, gpu) < baseline', /Name the operation/],
    ['watts(checkout) < baseline', /write watts\(\), watts\(cpu\) or watts\(gpu\), not watts\(checkout\)/],
    ['p95(a) < 0 x baseline', /"0" is not a number above 0 and up to 100/],
    ['p95(a) < -1 x baseline', /"-1" is not a number/],
    ['p95(a) < NaN x baseline', /"NaN" is not a number/],
    ['p95(a) < 1000 x baseline', /"1000" is not a number above 0 and up to 100/],
    ['p95(a) < 5 % baseline', /not of the form/],
    ['p95(a) < 1.05 baseline', /not of the form/],
    ['p95(a) < baseline x 1.05', /not of the form/],
    ['p95 a < baseline', /not of the form/],
    ['p95(a) < baseline/token', /p95 is not for a unit of work; remove "\/token"/],
    ['joules(a) < baseline/2t', /"2t" is not a unit of work/],
    ['joules(a) < baseline/', /"" is not a unit of work/],
  ])('refuses %s and states why', (text, message) => {
    expect(isRelative(text)).toBe(true);
    expect(() => parseRelativeBudget(text)).toThrow(BenchlabError);
    expect(() => parseRelativeBudget(text)).toThrow(message);
  });

  it('of any length is read at once', () => {
    expect(isRelative(`p95(${'(<'.repeat(20_000)}) < baseline`)).toBe(false);
    expect(() => parseRelativeBudget(`p95${'( < 1 x'.repeat(140)} baseline`)).toThrow(BenchlabError);
  });

  it.each(relativeFunctions)('with %s is in the text for help', (name) => expect(relativeGrammar).toContain(name));
});
