import { describe, expect, it } from 'vitest';
import { parseExpression } from './parseExpression.ts';
import { referenceResult } from './reference.ts';

const scope = { inputs: ['x', 'y'], isFold: false };

/** The value of an expression of two numbers. */
function result(text: string, x = 0, y = 0): number | undefined {
  const inputs = scope.inputs.map((name) => ({ name, kind: 'vector' as const }));
  const expression = parseExpression(text, scope);
  const operator = { name: 'f', clause: 'f', maturity: 'stable', numbers: 'float64' as const, inputs, expression };
  return referenceResult(operator, { length: 1, values: [[x], [y]] })[0];
}

describe('an expression', () => {
  it.each<[string, number]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['8 / 4 / 2', 1],
    ['8 - 4 - 2', 2],
    ['-x + 1', -4],
    ['- -x', 5],
    ['2*-x', -10],
    ['min(x, y) - max(x, y)', -2],
    ['abs(-7) + sqrt(9)', 10],
    ['1.5e2 + .5', 150.5],
    ['\tx\n* y ', 35],
  ])('%j is %d where x is 5 and y is 7', (text, expected) => {
    expect(result(text, 5, 7)).toBe(expected);
  });

  it('follows IEEE 754 at the edges', () => {
    expect(result('1 / x', 0)).toBe(Number.POSITIVE_INFINITY);
    expect(result('1 / x', -0)).toBe(Number.NEGATIVE_INFINITY);
    expect(result('x / x', 0)).toBeNaN();
    expect(result('sqrt(x)', -1)).toBeNaN();
    expect(result('min(x, y)', 0, -0)).toBe(0);
    expect(result('max(x, y)', Number.NaN, 1)).toBeNaN();
    expect(result('max(x, y)', 1, Number.NaN)).toBe(1);
  });
});

describe('is refused with its place and what may stand there:', () => {
  it.each<[string, string]>([
    ['', 'it ends at character 1, where a number, an input, a function or ( must stand'],
    ['x +', 'it ends at character 4, where a number, an input, a function or ( must stand'],
    ['x y', 'it has "y" at character 3, where +, -, *, / or the end must stand'],
    ['(x', 'it ends at character 3, where ) must stand'],
    ['x)', 'it has ")" at character 2, where +, -, *, / or the end must stand'],
    ['min(x y)', 'it has "y" at character 7, where , or ) must stand'],
    ['min(x)', 'min() takes 2 arguments, and has 1'],
    ['abs(x, y)', 'abs() takes 1 arguments, and has 2'],
    ['exp(x)', 'it calls "exp". The functions are min, max, abs, sqrt'],
    ['constructor(x)', 'it calls "constructor". The functions are min, max, abs, sqrt'],
    ['z + 1', 'it has "z", which is not an input (x is one)'],
    ['total + x', 'it has "total", which is not an input'],
    ['x ^ 2', 'it has "^" at character 3, which has no meaning'],
    ['x; system("rm")', 'it has ";" at character 2, which has no meaning'],
    ['`id`', 'it has "`" at character 1, which has no meaning'],
    ['1e999', '1e999 is beyond the largest number, 1.7976931348623157e+308'],
    ['0x10', 'it has "x10" at character 2, where +, -, *, / or the end must stand'],
    [`${'('.repeat(60)}x${')'.repeat(60)}`, 'it is nested deeper than 50 levels'],
    [`${'-'.repeat(500)}x`, 'it is nested deeper than 50 levels'],
    [Array(400).fill('x').join('+'), 'it has more than 500 parts'],
  ])('%j', (text, message) => {
    expect(() => parseExpression(text, scope)).toThrow(new Error(message));
  });
});

it('a fold may use what it has so far', () => {
  expect(parseExpression('total', { ...scope, isFold: true })).toEqual({ kind: 'total' });
});
