import { expect, it } from 'vitest';
import { percent, seconds, significant, toHalfWidth } from './quantity.ts';

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

it('never rounds a share up to one that it has not reached', () => {
  expect([1, 0.9999, 0.95, 0.94999, 0].map(percent)).toEqual(['100 %', '99.9 %', '95 %', '94.9 %', '0 %']);
});

it.each([
  [690.04, 0.0312, '690.040'],
  [690.4, 12.3, '690'],
  [16.375, 0.554, '16.38'],
  [1234567, 8901, '1234567'],
  [0.00012345, 0.0000031, '0.0001234'],
  [5, 0, '5.00000000000000000000'],
  [5, Number.NaN, '5'],
])('writes %f with the digits that an interval of ± %f has a use for, as %s', (value, half, text) => {
  expect(toHalfWidth(value, half)).toBe(text);
});
