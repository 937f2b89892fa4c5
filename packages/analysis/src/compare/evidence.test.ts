import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random/random.ts';
import { Evidence } from './evidence.ts';
import type { FigurePair } from './figurePair.ts';

/** What the machine makes of both moments of a pair, and the chance that the candidate comes first. */
interface Moments {
  readonly first: number;
  readonly second: number;
  readonly chanceFirst: number;
}

function pairOf({ first, second, chanceFirst }: Moments, candidateFirst: boolean): FigurePair {
  const [candidate, baseline] = candidateFirst ? [first, second] : [second, first];
  return { candidate, baseline, candidateFirst, chanceFirst };
}

/** The chance that the capital reaches `needed`, over all orders that the coins can draw. */
function chanceOf(moments: readonly Moments[], needed: number): number {
  let chance = 0;
  for (let orders = 0; orders < 2 ** moments.length; orders++) {
    const evidence = new Evidence(1, 'above', 'ratio');
    let ofOrders = 1;
    for (const [k, each] of moments.entries()) {
      const candidateFirst = ((orders >> k) & 1) === 1;
      ofOrders *= candidateFirst ? each.chanceFirst : 1 - each.chanceFirst;
      evidence.add(pairOf(each, candidateFirst));
    }
    if (evidence.log >= Math.log(needed)) chance += ofOrders;
  }
  return chance;
}

/** Moments that a design could only dread: they differ by any factor, always in one direction, or not at all. */
const moments: Readonly<Record<string, readonly Moments[]>> = {
  'the first is always slower': Array.from({ length: 10 }, () => ({ first: 1.2, second: 1, chanceFirst: 0.5 })),
  'huge outliers': Array.from({ length: 10 }, (_, k) => ({
    first: k === 4 ? 1e6 : 1 + k / 100,
    second: 1,
    chanceFirst: 0.5,
  })),
  'equal figures': Array.from({ length: 10 }, () => ({ first: 1, second: 1, chanceFirst: 0.5 })),
  'coins that are not fair': Array.from({ length: 10 }, (_, k) => ({
    first: 1 + ((k * 7) % 5) / 10,
    second: 1 + ((k * 3) % 4) / 10,
    chanceFirst: [0.5, 0.1, 0.9, 1, 0][k % 5] ?? 0.5,
  })),
};

describe.each(Object.entries(moments))('over all orders of ten pairs, where %s', (_, given) => {
  it.each([2, 5, 20, 40])(
    'a program against itself reaches a capital of %d with a chance of 1 to that at most',
    (needed) => {
      expect(chanceOf(given, needed)).toBeLessThanOrEqual(1 / needed);
    },
  );
});

it('of a coin that was not drawn proves nothing', () => {
  const evidence = new Evidence(1, 'above', 'ratio');
  for (let k = 0; k < 50; k++) evidence.add(pairOf({ first: 2, second: 1, chanceFirst: 1 }, true));
  expect(evidence.log).toBe(0);
});

it('grows without end when the candidate is above, and not at all when it is below', () => {
  const { uniform, gauss } = seededRandom(5);
  const [above, below] = [new Evidence(1, 'above', 'ratio'), new Evidence(1, 'below', 'ratio')];
  for (let k = 0; k < 200; k++) {
    const candidateFirst = uniform() < 0.5;
    const [candidate, baseline] = [1.1 * Math.exp(0.03 * gauss()), Math.exp(0.03 * gauss())];
    for (const evidence of [above, below]) evidence.add({ candidate, baseline, candidateFirst, chanceFirst: 0.5 });
  }
  expect(above.log).toBeGreaterThan(Math.log(1e20));
  expect(below.log).toBeLessThan(Math.log(4));
});

it('one pair that is far off undoes no more than a few others', () => {
  const evidence = new Evidence(1, 'above', 'ratio');
  const add = (candidate: number) => evidence.add({ candidate, baseline: 1, candidateFirst: true, chanceFirst: 0.5 });
  for (let k = 0; k < 10; k++) add(1.1);
  const before = evidence.log;
  add(1e-9);
  for (let k = 0; k < 5; k++) add(1.1);
  expect(evidence.log).toBeGreaterThan(before);
});
