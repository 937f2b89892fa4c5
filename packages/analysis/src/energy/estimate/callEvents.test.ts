import { expect, test } from 'vitest';
import { seededRandom } from '../../random/random.ts';
import { callEvents } from './callEvents.ts';
import type { ValidCalls } from './validCalls.ts';

function callsOf(rows: readonly (readonly [number, number])[]): ValidCalls {
  return {
    name: 'call',
    starts: Float64Array.from(rows, ([start]) => start),
    ends: Float64Array.from(rows, ([, end]) => end),
    weights: new Float64Array(rows.length).fill(1),
    callsInvalid: 0,
    weightsInvalid: 0,
  };
}

const bounds = [Number.NEGATIVE_INFINITY, 0, 1, 2, 3, Number.POSITIVE_INFINITY];

test.each([
  ['few', 40],
  ['many', 4000],
])('starts and ends of %s calls in a cell come by time, in any order of the calls', (_, count) => {
  const random = seededRandom(1);
  const rows = Array.from({ length: count }, () => {
    const start = 6 * random.uniform() - 1;
    return [start, start + random.exponential(0.3)] as const;
  });
  const { order, times, operations, isStart } = callEvents([callsOf(rows), callsOf(rows.slice(0, 9))], bounds);
  expect(order.length).toBe(2 * (count + 9));
  expect(new Set(order).size).toBe(order.length);
  for (let i = 1; i < order.length; i++) {
    expect(times[order[i] ?? 0]).toBeGreaterThanOrEqual(times[order[i - 1] ?? 0] ?? Number.NaN);
  }
  expect(operations.filter((operation) => operation === 1).length).toBe(18);
  expect(isStart.reduce((sum, start) => sum + start, 0)).toBe(count + 9);
});

test.each([3, 300])('%d calls without duration start before they end', (count) => {
  const rows = Array.from({ length: count }, (): [number, number] => [1.5, 1.5]);
  const { order, isStart } = callEvents([callsOf(rows)], bounds);
  const starts = Array.from(order, (event) => isStart[event] ?? 0);
  expect(starts).toEqual([...new Array(count).fill(1), ...new Array(count).fill(0)]);
});
