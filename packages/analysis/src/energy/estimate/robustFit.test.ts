import { expect, test } from 'vitest';
import { RobustFit } from './robustFit.ts';

const plain = { lags: 0, leastVariance: 0 };

test('a line without errors is found exactly', () => {
  const x = Float64Array.of(0, 1, 2, 3, 4);
  const fit = RobustFit.of(
    x.map((v) => 3 * v - 2),
    [x, new Float64Array(5).fill(1)],
    plain,
  );
  expect(fit?.coefficients[0]).toBeCloseTo(3, 12);
  expect(fit?.coefficients[1]).toBeCloseTo(-2, 12);
});

test('the variance of a mean is that of HC3, and its degrees of freedom are one less than its rows', () => {
  const values = Float64Array.of(1, 4, 2, 9, 4);
  const fit = RobustFit.of(values, [new Float64Array(5).fill(1)], plain);
  const { variance, degreesOfFreedom } = fit?.along([1]) ?? { variance: 0, degreesOfFreedom: 0 };
  const squares = values.reduce((sum, v) => sum + (v - 4) ** 2, 0);
  // HC3 divides each residual by 1 minus its leverage, which is 1/5 here: larger than s² / n.
  expect(variance).toBeCloseTo(squares / 25 / (1 - 1 / 5) ** 2, 12);
  expect(degreesOfFreedom).toBeCloseTo(4, 12);
});

test('neighbours that err alike widen the error', () => {
  const alike = Float64Array.of(1, 1, 1, -1, -1, -1, 1, 1, 1, -1, -1, -1);
  const ones = [new Float64Array(12).fill(1)];
  const without = RobustFit.of(alike, ones, plain)?.along([1]).variance ?? 0;
  const lagged = RobustFit.of(alike, ones, { lags: 2, leastVariance: 0 })?.along([1]).variance ?? 0;
  // Bartlett's weights 2/3 and 1/3 on 12 steps: lag 1 has 11 - 6 = 5 products of +1 net, lag 2 has 10 - 12 = -2.
  expect(lagged / without).toBeCloseTo(1 + (2 * ((2 / 3) * 5 + (1 / 3) * -2)) / 12, 12);
});

test('rows that err alike at a distance widen the error, rows that do not leave it', () => {
  const pairs = Float64Array.from({ length: 40 }, (_, i) => [3, -1, 2, -4, 1, -1, 5, -3, 2, -4][i % 10] ?? 0);
  const ones = [new Float64Array(40).fill(1)];
  const varianceAt = (farLag?: number) =>
    RobustFit.of(pairs, ones, { lags: 0, farLag, leastVariance: 0 })?.along([1]).variance ?? 0;
  expect(varianceAt(10)).toBeCloseTo((1 + (2 * 30) / 40) * varianceAt(), 9);
  expect(varianceAt(5)).toBe(varianceAt());
});

test('one row that decides alone leaves one degree of freedom', () => {
  const x = new Float64Array(50);
  x[7] = 1;
  const fit = RobustFit.of(
    Float64Array.from(x, (v, i) => 5 * v + (i % 2)),
    [x, new Float64Array(50).fill(1)],
    plain,
  );
  expect(fit?.along([1, 0]).degreesOfFreedom).toBeLessThan(1.1);
});

test('values without any error still have the variance that the step of the meter allows', () => {
  const x = Float64Array.of(0, 1, 0, 1, 0, 1);
  const fit = RobustFit.of(
    x.map((v) => 2 * v),
    [x, new Float64Array(6).fill(1)],
    { lags: 0, leastVariance: 0.12 },
  );
  expect(fit?.along([1, 0]).variance).toBeCloseTo(0.12 * (1 / 3 + 1 / 3), 9);
});

test('the weight of a row is how much the combination moves with its value', () => {
  const x = Float64Array.of(0, 1, 3, 4, 7);
  const columns = [x, new Float64Array(5).fill(1)];
  const values = Float64Array.of(1, 0, 2, 5, 3);
  const moved = values.slice();
  moved[3] = (moved[3] ?? 0) + 1;
  const before = RobustFit.of(values, columns, plain);
  const after = RobustFit.of(moved, columns, plain);
  const change = (after?.coefficients[0] ?? 0) - (before?.coefficients[0] ?? 0);
  expect(before?.along([1, 0]).rowWeights[3]).toBeCloseTo(change, 12);
});

test('columns that depend on each other, and too few rows, give no fit', () => {
  const x = Float64Array.of(1, 2, 3);
  expect(RobustFit.of(x, [x, x.map((v) => 2 * v)], plain)).toBeUndefined();
  expect(RobustFit.of(Float64Array.of(1, 2), [Float64Array.of(1, 2), Float64Array.of(1, 1)], plain)).toBeUndefined();
});
