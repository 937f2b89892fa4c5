import { expect, test } from 'vitest';
import { seededRandom } from '../../random/random.ts';
import { autoregression, repeatingLag } from './autoregression.ts';

const runOf = (length: number) => Int32Array.from({ length }, (_, k) => k);

test('two lags predict a sine of any frequency', () => {
  const turn = 0.9;
  const series = Float64Array.from({ length: 400 }, (_, k) => 20 * Math.sin(turn * k + 1));
  const filter = autoregression(series, runOf(400), [1, 2], 0)?.weights;
  // sin(w k) = 2 cos(w) sin(w (k - 1)) - sin(w (k - 2))
  expect(filter?.[0]).toBeCloseTo(2 * Math.cos(turn), 2);
  expect(filter?.[1]).toBeCloseTo(-1, 2);
});

test('a noise that keeps 0.8 of its value has that coefficient', () => {
  const random = seededRandom(5);
  const series = new Float64Array(20_000);
  for (let k = 1; k < series.length; k++) series[k] = 0.8 * (series[k - 1] ?? 0) + random.gauss();
  const filter = autoregression(series, runOf(series.length), [1, 2, 3], 0)?.weights;
  expect(filter?.[0]).toBeCloseTo(0.8, 1);
  expect(Math.abs(filter?.[1] ?? 1)).toBeLessThan(0.03);
  expect(Math.abs(filter?.[2] ?? 1)).toBeLessThan(0.03);
});

test('no lag crosses a gap', () => {
  const random = seededRandom(6);
  const half = Float64Array.from({ length: 200 }, () => random.gauss());
  const twice = Float64Array.of(...half, ...half);
  const alone = autoregression(half, runOf(200), [1, 2], 0)?.weights;
  const parted = autoregression(
    twice,
    Int32Array.from({ length: 400 }, (_, k) => k % 200),
    [1, 2],
    0,
  )?.weights;
  const joined = autoregression(twice, runOf(400), [1, 2], 0)?.weights;
  expect(parted?.[0]).toBeCloseTo(alone?.[0] ?? Number.NaN, 9);
  expect(parted?.[1]).toBeCloseTo(alone?.[1] ?? Number.NaN, 9);
  expect(joined?.[0]).not.toBeCloseTo(alone?.[0] ?? Number.NaN, 9);
});

test('a series without a run as long as the order has no coefficients', () => {
  expect(autoregression(Float64Array.of(1, 2, 3, 4), Int32Array.of(0, 1, 0, 1), [1, 2], 0)).toBeUndefined();
});

test('a constant series has no coefficients but for the noise of the meter', () => {
  const constant = new Float64Array(100).fill(5);
  expect(autoregression(constant, runOf(100), [1, 2], 0)).toBeUndefined();
  expect(Array.from(autoregression(constant, runOf(100), [1, 2], 0.01)?.weights ?? [])).toEqual([0, 0]);
});

test('a pulse every 20 samples is found as what the filter leaves over', () => {
  const random = seededRandom(7);
  const series = Float64Array.from({ length: 400 }, (_, k) => (k % 20 < 3 ? 20 : 0) + random.gauss());
  const filter = autoregression(series, runOf(400), [1, 2, 3, 4, 5, 6], 0);
  if (filter === undefined) throw new Error('no filter');
  expect(repeatingLag(series, runOf(400), filter)).toBe(20);
});

test('noise does not repeat', () => {
  for (let seed = 0; seed < 50; seed++) {
    const random = seededRandom(seed);
    const series = Float64Array.from({ length: 400 }, () => random.gauss());
    const filter = autoregression(series, runOf(400), [1, 2], 0);
    if (filter === undefined) throw new Error('no filter');
    expect(repeatingLag(series, runOf(400), filter)).toBeUndefined();
  }
});
