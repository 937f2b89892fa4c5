import { expect, test } from 'vitest';
import { seededRandom } from '../../random/random.ts';
import { settledCalls } from './settledCalls.ts';
import { averagedCells, interpolatedCells } from './timeCells.ts';
import type { ValidCalls } from './validCalls.ts';

const always = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

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

const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

const knots = Float64Array.of(1, 2, 3, 4, 5);
const noGaps = new Uint8Array(5);

test('the time between two samples is divided by its distance to them', () => {
  const [time] = settledCalls([callsOf([2.25, 2.75])], interpolatedCells(knots, noGaps, 1), 5, always);
  expect(Array.from(time?.bySample ?? [])).toEqual([0, 0.25, 0.25, 0, 0]);
  const [early] = settledCalls([callsOf([2, 2.5])], interpolatedCells(knots, noGaps, 1), 5, always);
  expect(early?.bySample[1]).toBeCloseTo(0.375, 12);
  expect(early?.bySample[2]).toBeCloseTo(0.125, 12);
});

test('a mean over its period knows all of it', () => {
  const [time] = settledCalls(
    [callsOf([1.5, 3.25])],
    averagedCells(knots, noGaps, () => 1, 1),
    5,
    always,
  );
  expect(Array.from(time?.bySample ?? [])).toEqual([0, 0.5, 1, 0.25, 0]);
});

test('time in a gap and time beyond one period outside the samples is not covered', () => {
  const cells = interpolatedCells(knots, Uint8Array.of(0, 0, 0, 1, 0), 1);
  const [time] = settledCalls([callsOf([-2, 8])], cells, 5, always);
  expect(time?.seconds).toBeCloseTo(10, 12);
  expect(time?.coveredSeconds).toBeCloseTo(5, 12); // 0 to 3 and 4 to 6
  expect(Array.from(time?.byGap ?? [])).toEqual([2, 1, 2]);
});

test('a mean that began after the sample before leaves a gap', () => {
  const cells = averagedCells(Float64Array.of(1, 2, 3.5), new Uint8Array(3), () => 1, 1);
  const [time] = settledCalls([callsOf([1, 3.5])], cells, 3, always);
  expect(time?.coveredSeconds).toBeCloseTo(2, 12);
  expect(sum(time?.byGap ?? [])).toBeCloseTo(0.5, 12);
});

test('a moment is divided among the calls in flight by their weights', () => {
  const [a, b] = settledCalls(
    [callsOf([1, 5, 0.1]), callsOf([2, 3, 0.3])],
    interpolatedCells(knots, noGaps, 1),
    5,
    always,
  );
  expect(a?.seconds).toBeCloseTo(3 + 0.25, 12);
  expect(b?.seconds).toBeCloseTo(0.75, 12);
  expect(a?.weightedSeconds).toBeCloseTo(0.4, 12);
  // Seconds of the first with the weights of both in flight meanwhile.
  expect(a?.together[0]).toBeCloseTo(3 * 0.1 + 0.25 * 0.1, 12);
  expect(a?.together[1]).toBeCloseTo(0.25 * 0.3, 12);
});

test('calls of weight 0 get nothing, also where they are alone', () => {
  const [a, b] = settledCalls([callsOf([1, 5, 0]), callsOf([2, 3])], interpolatedCells(knots, noGaps, 1), 5, always);
  expect(a?.seconds).toBe(0);
  expect(b?.seconds).toBeCloseTo(1, 12);
});

test('only the time in the window counts', () => {
  const [time] = settledCalls([callsOf([1, 5, 2], [6, 7])], interpolatedCells(knots, noGaps, 1), 5, { from: 2, to: 4 });
  expect(time?.seconds).toBeCloseTo(2, 12);
  expect(time?.weightedSeconds).toBeCloseTo(4, 12);
  expect(time?.calls).toBe(1);
});

test('a call without duration changes nothing', () => {
  const [time] = settledCalls([callsOf([2, 2], [3, 3.5])], interpolatedCells(knots, noGaps, 1), 5, always);
  expect(time?.seconds).toBeCloseTo(0.5, 12);
});

test('the parts of all operations add up to the time with a call in flight, with or without gaps', () => {
  const random = seededRandom(3);
  for (let trial = 0; trial < 30; trial++) {
    const count = 30;
    const times = Float64Array.from({ length: count }, (_, k) => k + 0.6 * random.uniform());
    const gaps = Uint8Array.from({ length: count }, () => Number(random.uniform() < 0.1));
    const cells = trial % 2 ? interpolatedCells(times, gaps, 1) : averagedCells(times, gaps, () => 0.9, 1);
    const rows = Array.from({ length: 4 }, () =>
      Array.from({ length: 25 }, () => {
        const start = 34 * random.uniform() - 2;
        return [start, start + random.exponential(trial % 3 ? 0.1 : 3), random.uniform() + 0.01] as const;
      }),
    );
    const settled = settledCalls(
      rows.map((calls) => callsOf(...calls)),
      cells,
      count,
      always,
    );
    const spans = rows.flat().sort((a, b) => a[0] - b[0]);
    let union = 0;
    let until = Number.NEGATIVE_INFINITY;
    for (const [start, end] of spans) {
      union += Math.max(0, end - Math.max(start, until));
      until = Math.max(until, end);
    }
    expect(sum(settled.map((time) => time.seconds))).toBeCloseTo(union, 9);
    for (const time of settled) {
      expect(sum(time.bySample) + sum(time.byGap)).toBeCloseTo(time.seconds, 9);
      expect(sum(time.bySample)).toBeCloseTo(time.coveredSeconds, 9);
    }
  }
});
