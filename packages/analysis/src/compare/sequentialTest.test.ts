import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random/random.ts';
import type { FigureScale } from './figurePair.ts';
import { PairOrder } from './pairOrder.ts';
import { ratioEstimate } from './ratioInterval.ts';
import { SequentialTest } from './sequentialTest.ts';

/** Pairs of these figures in drawn order, until it is decided. */
function decided(
  figures: (pair: number) => readonly [candidate: number, baseline: number],
  { scale = 'ratio', tests = 1, most = 60 }: { scale?: FigureScale; tests?: number; most?: number } = {},
): SequentialTest {
  const order = new PairOrder(seededRandom(2).uniform);
  const test = new SequentialTest({ failAbove: 1, passBelow: 1.05, scale, tests });
  for (let pair = 1; pair <= most && test.outcome === undefined; pair++) {
    const [candidate, baseline] = figures(pair);
    test.add({ candidate, baseline, ...order.next() });
  }
  return test;
}

it('fails only after new pairs have confirmed the alarm', () => {
  const test = decided(() => [1.2, 1]);
  expect(test.outcome).toBe('fail');
  expect(test.alarmAfter).toBeGreaterThanOrEqual(6);
  expect(test.pairs.length).toBeGreaterThan(test.alarmAfter ?? 0);
});

it('passes, on the new pairs alone, when they do not confirm it', () => {
  const test = decided((pair) => [pair <= 7 ? 1.2 : 1, 1]);
  expect(test.alarmAfter).toBe(7);
  expect(test.outcome).toBe('pass');
  expect(test.pairs.every(({ candidate }) => candidate === 1)).toBe(true);
});

it('needs more pairs for one of ten budgets than for a single one', () => {
  expect(decided(() => [1.2, 1], { tests: 10 }).alarmAfter).toBeGreaterThan(decided(() => [1.2, 1]).alarmAfter ?? 0);
});

it('changes nothing once it is decided', () => {
  const test = decided(() => [1, 1]);
  const { length } = test.pairs;
  for (let k = 0; k < 50; k++) test.add({ candidate: 9, baseline: 1, candidateFirst: true, chanceFirst: 0.5 });
  expect(test.outcome).toBe('pass');
  expect(test.pairs).toHaveLength(length);
});

describe('the share of failed calls', () => {
  const shares = { scale: 'share' } as const;
  it('passes where no call failed on either side, after eight pairs', () => {
    const test = decided(() => [0, 0], shares);
    expect(test.outcome).toBe('pass');
    expect(test.pairs).toHaveLength(8);
    expect(ratioEstimate(test.pairs, 'share', 1)).toMatchObject({ ratio: undefined, low: 0, high: Infinity });
  });

  it('fails where calls fail in the candidate alone: no ratio is too high', () => {
    const test = decided(() => [0.02, 0], shares);
    expect(test.outcome).toBe('fail');
    expect(ratioEstimate(test.pairs, 'share', 1)).toMatchObject({ ratio: Infinity, high: Infinity });
    expect(ratioEstimate(test.pairs, 'share', 1).low).toBeGreaterThan(1_000);
  });

  it('passes where calls fail in the baseline alone', () => {
    expect(decided(() => [0, 0.02], shares).outcome).toBe('pass');
  });
});

describe('the interval of the ratio', () => {
  it('is one point where all figures are equal', () => {
    const { ratio, low, high } = ratioEstimate(decided(() => [3, 3]).pairs, 'ratio', 1);
    expect([ratio, low, high]).toEqual([1, expect.closeTo(1, 4), expect.closeTo(1, 4)]);
  });

  it('has no ends as long as too few pairs are there', () => {
    const { pairs } = decided(() => [1.2, 1], { most: 4 });
    expect(ratioEstimate(pairs, 'ratio', 1)).toMatchObject({ low: 0, high: Infinity });
    expect(ratioEstimate([], 'ratio', 1)).toEqual({ ratio: undefined, low: 0, high: Infinity });
  });

  it('holds the true ratio in 95 of 100 comparisons at every number of pairs, and agrees with the verdict', () => {
    let missed = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const { uniform, gauss } = seededRandom(101 * seed);
      const order = new PairOrder(uniform);
      const test = new SequentialTest({ failAbove: 1, passBelow: 1.05, scale: 'ratio', tests: 1 });
      while (test.outcome === undefined && test.pairs.length < 60) {
        test.add({ candidate: 1.03 * Math.exp(0.03 * gauss()), baseline: Math.exp(0.03 * gauss()), ...order.next() });
      }
      const { low, high } = ratioEstimate(test.pairs, 'ratio', 1);
      if (low > 1.03 || high < 1.03) missed++;
      if (test.outcome === 'fail') expect(low).toBeGreaterThan(1);
      if (test.outcome === 'pass') expect(high).toBeLessThan(1.05);
    }
    expect(missed).toBeLessThanOrEqual(3);
  });
});
