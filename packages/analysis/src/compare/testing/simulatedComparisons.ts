import { seededRandom } from '../../random/random.ts';
import { PairOrder } from '../pairOrder.ts';
import { type RatioLimits, SequentialTest } from '../sequentialTest.ts';
import type { NoiseModel } from './noise.ts';

/** How many comparisons ended in which way. */
export interface Rates {
  readonly failed: number;
  readonly passed: number;
  /** The 95th percentile of the pairs that a comparison took. */
  readonly pairs95: number;
}

/** The default of the command. */
const mostPairs = 60;

/** Comparisons of a candidate that is `ratio` times its baseline. */
export function simulatedComparisons(
  model: NoiseModel,
  ratio: number,
  limits: Pick<RatioLimits, 'failAbove' | 'passBelow'>,
  count: number,
): Rates {
  let [failed, passed] = [0, 0];
  const pairs: number[] = [];
  for (let seed = 1; seed <= count; seed++) {
    const random = seededRandom(7919 * seed);
    const noise = model.start(random);
    const order = new PairOrder(random.uniform);
    const test = new SequentialTest({ ...limits, scale: 'ratio', tests: 1 });
    let made = 0;
    while (made < mostPairs && test.outcome === undefined) {
      made++;
      const [first, second] = noise();
      const drawn = order.next();
      const [candidate, baseline] = drawn.candidateFirst ? [first, second] : [second, first];
      test.add({ candidate: ratio * Math.exp(candidate), baseline: Math.exp(baseline), ...drawn });
    }
    if (test.outcome === 'fail') failed++;
    if (test.outcome === 'pass') passed++;
    pairs.push(made);
  }
  pairs.sort((a, b) => a - b);
  return { failed, passed, pairs95: pairs[Math.ceil(0.95 * count) - 1] ?? 0 };
}
