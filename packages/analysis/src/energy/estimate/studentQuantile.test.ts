import { expect, test } from 'vitest';
import { incompleteBeta } from './incompleteBeta.ts';
import { fisherTail, normal95, studentQuantile } from './studentQuantile.ts';

// Tables of the 97.5 % point of Student's t, for example NIST/SEMATECH e-Handbook 1.3.6.7.2.
test.each([
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [5, 2.571],
  [10, 2.228],
  [30, 2.042],
  [100, 1.984],
])('the factor for %d degrees of freedom is that of the tables', (degrees, factor) => {
  expect(studentQuantile(degrees)).toBeCloseTo(factor, 3);
});

// The 99.5 % point of the same tables.
test.each([
  [1, 63.657],
  [5, 4.032],
  [100, 2.626],
])('the factor of 99 %% for %d degrees of freedom is that of the tables', (degrees, factor) => {
  expect(studentQuantile(degrees, 0.01)).toBeCloseTo(factor, 3);
});

test('the factor for very many degrees of freedom is the normal one', () => {
  expect(studentQuantile(1e6)).toBeCloseTo(normal95, 5);
  expect(studentQuantile(Number.POSITIVE_INFINITY)).toBe(normal95);
});

test('less than one degree of freedom counts as one', () => {
  expect(studentQuantile(0.2)).toBe(studentQuantile(1));
});

test('a fractional number of degrees lies between its neighbours', () => {
  expect(studentQuantile(4.5)).toBeGreaterThan(studentQuantile(5));
  expect(studentQuantile(4.5)).toBeLessThan(studentQuantile(4));
});

// Upper 5 % points of Fisher's F, NIST/SEMATECH e-Handbook 1.3.6.7.3.
test.each([
  [6.608, 1, 5],
  [4.103, 2, 10],
  [2.922, 3, 30],
])('five percent of F lie above %d with %d and %d degrees of freedom', (f, above, below) => {
  expect(fisherTail(f, above, below)).toBeCloseTo(0.05, 4);
});

test('all of F lies above 0 and nothing beyond infinity', () => {
  expect(fisherTail(0, 2, 10)).toBe(1);
  expect(fisherTail(Number.POSITIVE_INFINITY, 2, 10)).toBe(0);
});

test('the incomplete beta function is symmetric and known in closed form for whole numbers', () => {
  expect(incompleteBeta(0.3, 2.5, 0.7)).toBeCloseTo(1 - incompleteBeta(0.7, 0.7, 2.5), 12);
  expect(incompleteBeta(0.4, 3, 1)).toBeCloseTo(0.4 ** 3, 12); // I_x(a, 1) = x^a
  expect(incompleteBeta(0.5, 4, 4)).toBeCloseTo(0.5, 12);
  expect(incompleteBeta(0, 2, 3)).toBe(0);
  expect(incompleteBeta(1, 2, 3)).toBe(1);
});
