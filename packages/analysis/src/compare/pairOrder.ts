import type { FigurePair } from './figurePair.ts';

/** Which program runs first in a pair, and the chance of it. */
export type DrawnOrder = Pick<FigurePair, 'candidateFirst' | 'chanceFirst'>;

/**
 * Pairs in which one program ran first may outnumber the others by this many. Smaller means better balance, and more pairs
 * whose order is not drawn and that therefore prove nothing: about one in twice this number.
 */
const largestImbalance = 5;

/**
 * Draws which program runs first in each pair: a fair coin, as long as neither program is too far ahead; then the other one. This is the big
 * stick design of Soares and Wu, "Some restricted randomization rules in sequential designs", Communications in Statistics 12,
 * 1983. The coin is what all verdicts rest on, so nothing else may decide the order.
 */
export class PairOrder {
  readonly #uniform: () => number;
  /** Pairs with the candidate first, less those with the baseline first. */
  #ahead = 0;

  /** @param uniform a random number from 0 to below 1 */
  constructor(uniform: () => number) {
    this.#uniform = uniform;
  }

  next(): DrawnOrder {
    const chanceFirst = this.#ahead >= largestImbalance ? 0 : this.#ahead <= -largestImbalance ? 1 : 0.5;
    const candidateFirst = this.#uniform() < chanceFirst;
    this.#ahead += candidateFirst ? 1 : -1;
    return { candidateFirst, chanceFirst };
  }
}
