import { expect, it } from 'vitest';
import { parseBudget } from '../budget/budget.ts';
import { inUnitOf, percent, seconds, significant } from './quantity.ts';

it.each([
  [0, '0'],
  [1.2345e-5, '1.23e-5'],
  [0.12345, '0.123'],
  [1, '1.00'],
  [12.345, '12.3'],
  [123.45, '123'],
  [999.6, '1000'],
  [1234.5, '1235'],
  [1.5e6, '1.5e+6'],
  [-8.04, '-8.04'],
  [Number.NaN, 'NaN'],
] as const)('writes %f with three digits as %s', (value, text) => {
  expect(significant(value)).toBe(text);
});

it.each([
  [2e-9, '2.00 ns'],
  [4.56e-5, '45.6 us'],
  [0.2134, '213 ms'],
  [0.9999, '1000 ms'],
  [12.34, '12.3 s'],
  [0, '0 ns'],
])('writes %f seconds as %s', (value, text) => {
  expect(seconds(value)).toBe(text);
});

it('writes a value in the unit of its budget', () => {
  expect(inUnitOf(parseBudget('joules(a) < 1 Wh'), 1800)).toBe('0.500 Wh');
  expect(inUnitOf(parseBudget('p95(a) < 1 s'), 0.25)).toBe('0.250 s');
  expect(inUnitOf(parseBudget('count(a) < 1'), 12345)).toBe('12345');
});

it('never rounds a share up to one that it has not reached', () => {
  expect([1, 0.9999, 0.95, 0.94999, 0].map(percent)).toEqual(['100 %', '99.9 %', '95 %', '94.9 %', '0 %']);
});
