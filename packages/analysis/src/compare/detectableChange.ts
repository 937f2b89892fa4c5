import { seededRandom } from '../random/random.ts';
import { excess, type FigurePair } from './figurePair.ts';
import { PairOrder } from './pairOrder.ts';
import { middleOf } from './ratioInterval.ts';
import { type RatioLimits, SequentialTest } from './sequentialTest.ts';

/** A change counts as one that would have been caught when this share of comparisons fails. */
const caughtShare = 0.95;
const comparisons = 100;
/** Fewer pairs show too little of the noise. */
const leastPairs = 6;
/** The largest change that is looked at: four times the limit. */
const largestLog = Math.log(4);
/** The answer is right to 2^-9 of that, or 0.3 %. */
const steps = 9;
const seed = 1;

/**
 * The smallest ratio of candidate to baseline that a comparison on this noise would have failed in 95 of 100 cases: the noise of the
 * pairs that came, drawn again with a change put in, and decided again. Undefined where there are too few pairs, where
 * not even four times the limit would have been caught, and for shares.
 *
 * @param mostPairs pairs that such a comparison may take
 */
export function detectableChange(
  pairs: readonly FigurePair[],
  limits: RatioLimits,
  mostPairs: number,
): number | undefined {
  if (limits.scale !== 'ratio' || pairs.length < leastPairs) return undefined;
  const logs = pairs.map((pair) => excess(pair, 1, 'ratio'));
  const middle = middleOf(logs);
  const noise = logs.map((log) => log - middle);
  const isCaught = (change: number) => caught(noise, change, limits, mostPairs);
  let [missed, found] = [0, largestLog];
  if (!isCaught(found)) return undefined;
  for (let step = 0; step < steps; step++) {
    const change = (missed + found) / 2;
    if (isCaught(change)) found = change;
    else missed = change;
  }
  return limits.failAbove * Math.exp(found);
}

function caught(noise: readonly number[], change: number, limits: RatioLimits, mostPairs: number): boolean {
  let missed = 0;
  for (let k = 0; k < comparisons; k++) {
    if (!fails(noise, change, limits, mostPairs, seed + k)) missed++;
    if (missed > comparisons * (1 - caughtShare)) return false;
  }
  return true;
}

function fails(
  noise: readonly number[],
  change: number,
  limits: RatioLimits,
  mostPairs: number,
  withSeed: number,
): boolean {
  const { uniform } = seededRandom(withSeed);
  const order = new PairOrder(uniform);
  const test = new SequentialTest(limits);
  for (let k = 0; k < mostPairs && test.outcome === undefined; k++) {
    const drawn = order.next();
    const moment = noise[Math.floor(uniform() * noise.length)] ?? 0;
    // What one moment was above the other belongs to the moment, so the order gives it its sign.
    const log = change + (drawn.candidateFirst ? moment : -moment);
    test.add({ candidate: limits.failAbove * Math.exp(log), baseline: 1, ...drawn });
  }
  return test.outcome === 'fail';
}
