import { excess, type FigurePair, type FigureScale } from './figurePair.ts';

/** Stakes of the bets, in units of one over the median distance of a pair: a third of the capital plays each of them. */
const stakes = [0.5, 1, 2] as const;
/** The greatest share of the capital that a pair can take away. One wild pair must not undo all others. */
const largestShare = 0.9;
/** A pair farther away than this many medians counts as one at this distance (Huber's clipping). */
const clipMedians = 1.5;

/**
 * The evidence that a candidate is above, or below, `ratio` times its baseline, as capital that grows by betting on the next pair.
 *
 * Assume the candidate is exactly `ratio` times the baseline. Then the two figures of a pair are what the machine made of two
 * moments, and the coin that drew the order alone decides which of them is the candidate's. No bet on a fair coin gains on
 * average, so the chance that the capital ever reaches K is 1 / K at most (Ville's inequality): for any noise, drift or
 * dependence between runs, and however often one looks. This is the test of sign symmetry by N. W. Koning, "Online permutation
 * tests: e-values and likelihood ratios for testing group invariance", arXiv:2310.01153, with bets that are clipped for
 * outliers and mixed over three stakes.
 *
 * @example
 * const worse = new Evidence(1, 'above', 'ratio');
 * worse.add({ candidate: 0.21, baseline: 0.2, candidateFirst: true, chanceFirst: 0.5 });
 */
export class Evidence {
  readonly #ratio: number;
  readonly #sign: 1 | -1;
  readonly #scale: FigureScale;
  readonly #logCapitals: number[] = stakes.map(() => -Math.log(stakes.length));
  /** Distances of all pairs, the smallest first. */
  readonly #distances: number[] = [];
  #greatest = 0;

  constructor(ratio: number, side: 'above' | 'below', scale: FigureScale) {
    this.#ratio = ratio;
    this.#sign = side === 'above' ? 1 : -1;
    this.#scale = scale;
  }

  /** The greatest capital so far, as a natural logarithm. It begins with 0. */
  get log(): number {
    return this.#greatest;
  }

  add(pair: FigurePair): void {
    const towards = this.#sign * excess(pair, this.#ratio, this.#scale);
    const median = this.#medianWith(Math.abs(towards));
    const score = median > 0 ? Math.max(-clipMedians, Math.min(clipMedians, towards / median)) : Math.sign(towards);
    const first = pair.candidateFirst ? 1 : -1;
    for (const [k, stake] of stakes.entries()) {
      const gain = largestShare * Math.tanh(stake * score);
      // What the coin would have paid on average, the pair's figures given: with a fair coin 1. It makes the bet fair.
      const average = 1 + (2 * pair.chanceFirst - 1) * gain * first;
      this.#logCapitals[k] = (this.#logCapitals[k] ?? 0) + Math.log1p(gain) - Math.log(average);
    }
    this.#greatest = Math.max(this.#greatest, logOfSum(this.#logCapitals));
  }

  /** The median distance, this pair included: distances do not depend on the coin, so a bet may use them. */
  #medianWith(distance: number): number {
    let [from, to] = [0, this.#distances.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#distances[middle] ?? 0) > distance) to = middle;
      else from = middle + 1;
    }
    this.#distances.splice(from, 0, distance);
    const half = this.#distances.length / 2;
    return ((this.#distances[Math.ceil(half) - 1] ?? 0) + (this.#distances[Math.floor(half)] ?? 0)) / 2;
  }
}

function logOfSum(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
