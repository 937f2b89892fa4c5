import { expect, test } from 'vitest';
import { seededRandom } from '../../random/random.ts';
import { describeBackground } from './background.ts';

const runOf = (length: number) => Int32Array.from({ length }, (_, k) => k);

test('white noise departs from the line between its neighbours by its own variance', () => {
  const random = seededRandom(1);
  const noise = Float64Array.from({ length: 20_000 }, () => 3 * random.gauss());
  const { level, meanMissed, inStep } = describeBackground(noise, runOf(noise.length), 0.01, false);
  expect(level).toBeCloseTo(9, 0);
  expect(meanMissed).toBeCloseTo(9, 0);
  expect(inStep).toBe(0);
});

test('a straight line is not missed, but for the step of the meter', () => {
  const line = Float64Array.from({ length: 100 }, (_, k) => 2 * k);
  const { missed } = describeBackground(line, runOf(100), 0.6, false);
  for (const variance of missed) expect(variance).toBeCloseTo(0.6 ** 2 / 12, 9);
});

test('samples at the ends of a run count as missed like the others', () => {
  const series = Float64Array.of(0, 3, 0, 3, 0, 3);
  const { missed, meanMissed } = describeBackground(series, Int32Array.of(0, 1, 2, 0, 1, 2), 0.01, false);
  expect(missed[0]).toBe(meanMissed);
  expect(missed[3]).toBe(meanMissed);
  expect(missed[1]).toBeCloseTo(9 / 1.5, 9);
});

test('a pulse every five samples may hide its edges from instants, not from means', () => {
  const pulses = Float64Array.from({ length: 400 }, (_, k) => (k % 5 < 2 ? 20 : 0));
  expect(describeBackground(pulses, runOf(400), 0.01, false).inStep).toBeGreaterThan(1);
  expect(describeBackground(pulses, runOf(400), 0.01, true).inStep).toBe(0);
});
