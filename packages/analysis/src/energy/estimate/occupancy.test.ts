import { expect, test } from 'vitest';
import { seededRandom } from '../../random/random.ts';
import { type MeterWindows, occupancy } from './occupancy.ts';
import type { ValidCalls } from './validCalls.ts';

function callsOf(...rows: readonly (readonly [number, number, number?])[]): ValidCalls {
  return {
    name: 'call',
    starts: Float64Array.from(rows, ([start]) => start),
    ends: Float64Array.from(rows, ([, end]) => end),
    weights: Float64Array.from(rows, ([, , weight]) => weight ?? 1),
    callsInvalid: 0,
    weightsInvalid: 0,
  };
}

function windowsOf(...rows: readonly (readonly [number, number, number])[]): MeterWindows {
  return {
    from: Float64Array.from(rows, ([from]) => from),
    to: Float64Array.from(rows, ([, to]) => to),
    uncertainty: Float64Array.from(rows, ([, , uncertainty]) => uncertainty),
  };
}

test('an instant is inside a call or not', () => {
  const windows = windowsOf([1, 1, 0], [2, 2, 0], [3, 3, 0]);
  expect(Array.from(occupancy(windows, callsOf([1.5, 2.5])))).toEqual([0, 1, 0]);
});

test('a mean over a window counts the part of it with a call in flight', () => {
  const windows = windowsOf([0, 1, 0], [1, 2, 0], [2, 3, 0]);
  const [first, second, third] = occupancy(windows, callsOf([0.75, 2.5]));
  expect(first).toBeCloseTo(0.25, 6);
  expect(second).toBeCloseTo(1, 6);
  expect(third).toBeCloseTo(0.5, 6);
});

test('calls in flight together add up by their weights', () => {
  const [value] = occupancy(windowsOf([0, 1, 0]), callsOf([0, 1, 0.25], [0.5, 1], [-3, 8, 2]));
  expect(value).toBeCloseTo(0.25 + 0.5 + 2, 6);
});

test('an instant that is known to 0.1 s sees a call of 0.05 s with a quarter of its weight', () => {
  const [value] = occupancy(windowsOf([1, 1, 0.1]), callsOf([1, 1.05]));
  expect(value).toBeCloseTo(0.25, 9);
});

test('windows whose uncertainties differ by far each see their own part', () => {
  const [first, second] = occupancy(windowsOf([1, 1, 3], [2, 2, 0.1]), callsOf([3, 3.5]));
  expect(first).toBeCloseTo(0.5 / 6, 9);
  expect(second).toBe(0);
});

test('the occupancy is the integral over the window in all orders of calls', () => {
  const random = seededRandom(11);
  const rows = Array.from({ length: 300 }, () => {
    const start = 10 * random.uniform();
    return [start, start + random.exponential(0.2), random.uniform()] as const;
  });
  const windows = windowsOf(
    ...Array.from({ length: 40 }, (_, k) => [k * 0.25, k * 0.25 + 0.3, 0.05 * random.uniform()] as const),
  );
  const values = occupancy(windows, callsOf(...rows));
  values.forEach((value, k) => {
    const from = windows.from[k] ?? 0;
    const to = windows.to[k] ?? 0;
    const uncertainty = windows.uncertainty[k] ?? 0;
    let sum = 0;
    const shifts = 400;
    for (let i = 0; i < shifts; i++) {
      const shift = ((i + 0.5) / shifts) * 2 * uncertainty - uncertainty;
      for (const [start, end, weight] of rows) {
        sum += weight * Math.max(0, Math.min(end, to + shift) - Math.max(start, from + shift));
      }
    }
    expect(value).toBeCloseTo(sum / shifts / (to - from), 5);
  });
  const reversed = occupancy(windows, callsOf(...[...rows].reverse()));
  reversed.forEach((value, k) => {
    expect(value).toBeCloseTo(values[k] ?? Number.NaN, 10);
  });
});
