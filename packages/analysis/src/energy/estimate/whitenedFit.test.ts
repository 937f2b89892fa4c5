import { expect, test } from 'vitest';
import { seededRandom } from '../../random/random.ts';
import { samplesNeeded, whitenedFit } from './whitenedFit.ts';

const runOf = (length: number) => Int32Array.from({ length }, (_, k) => k);

function occupancyOf(length: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, () => random.uniform());
}

test('the slope is found under a sine far larger than what the calls add', () => {
  const x = occupancyOf(400, 1);
  const random = seededRandom(2);
  const watts = x.map((value, k) => 300 + 50 * Math.sin(0.7 * k) + 2 * value + 0.1 * random.gauss());
  const fit = whitenedFit(watts, [x], runOf(400), 0.01);
  expect(fit?.slopes[0]).toBeCloseTo(2, 1);
  expect(Math.sqrt(fit?.along([1]).variance ?? 1)).toBeLessThan(0.1);
  expect(fit?.background[17]).toBeCloseTo((watts[17] ?? 0) - (fit?.slopes[0] ?? 0) * (x[17] ?? 0), 9);
});

test('the weights of the samples give back the slope and ignore what is constant', () => {
  const [x, y] = [occupancyOf(300, 3), occupancyOf(300, 4)];
  const random = seededRandom(5);
  let drift = 0;
  const watts = x.map((value, k) => {
    drift += random.gauss();
    return 100 + drift + 5 * value - 3 * (y[k] ?? 0);
  });
  const fit = whitenedFit(watts, [x, y], runOf(300), 0.01);
  const { rowWeights } = fit?.along([1, 0]) ?? { rowWeights: new Float64Array() };
  const sum = (values: Float64Array) => rowWeights.reduce((total, weight, k) => total + weight * (values[k] ?? 0), 0);
  expect(sum(watts)).toBeCloseTo(fit?.slopes[0] ?? Number.NaN, 6);
  expect(sum(x)).toBeCloseTo(1, 9);
  expect(sum(y)).toBeCloseTo(0, 9);
  expect(sum(new Float64Array(300).fill(1))).toBeCloseTo(0, 6);
});

test('a pulse by a timer does not widen the error, where six lags alone would', () => {
  const x = occupancyOf(400, 6);
  const random = seededRandom(7);
  const watts = x.map((value, k) => 300 + (k % 20 < 3 ? 20 : 0) + 2 * value + 0.1 * random.gauss());
  expect(Math.sqrt(whitenedFit(watts, [x], runOf(400), 0.01)?.along([1]).variance ?? 9)).toBeLessThan(0.1);
});

test('columns that do not change, equal columns and too few samples give no fit', () => {
  const x = occupancyOf(400, 8);
  const watts = x.map((value) => 300 + value);
  expect(whitenedFit(watts, [new Float64Array(400).fill(1)], runOf(400), 0.01)).toBeUndefined();
  expect(whitenedFit(watts, [x, x], runOf(400), 0.01)).toBeUndefined();
  const few = samplesNeeded(1) - 1;
  expect(whitenedFit(watts.slice(0, few), [x.slice(0, few)], runOf(few), 0.01)).toBeUndefined();
});

test('samples that all stand alone between gaps give no fit', () => {
  const x = occupancyOf(400, 9);
  expect(whitenedFit(x, [x], new Int32Array(400), 0.01)).toBeUndefined();
});
