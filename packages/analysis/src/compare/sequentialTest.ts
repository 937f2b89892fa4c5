import { Evidence } from './evidence.ts';
import type { FigurePair, FigureScale } from './figurePair.ts';

/** What a budget relative to a baseline asks of the ratio of candidate to baseline. */
export interface RatioLimits {
  /** It fails when the ratio is above this. */
  readonly failAbove: number;
  /** It passes when the ratio is below this. Not smaller than `failAbove`. */
  readonly passBelow: number;
  readonly scale: FigureScale;
  /** Comparisons that are decided together: each is allowed this part of the errors. */
  readonly tests: number;
}

/** Errors that all comparisons of a report together may make on one side: both ends of an interval of 95 %. */
const oneSidedError = 0.025;
/**
 * What is left of false alarms after new pairs. A failure that is not there is reported with a chance of
 * oneSidedError × this = 1 % at most, on any noise.
 */
const confirmationError = 0.4;
/** Pairs without any failed call on either side that are enough to pass. */
const pairsWithoutErrors = 8;

/** The log capital that decides one side of one of `tests` comparisons. */
export function neededLog(tests: number): number {
  return Math.log(tests / oneSidedError);
}

/**
 * Decides a budget after any number of pairs. A failure is an alarm first: it stands once pairs that came after it confirm it.
 * A pass needs no confirmation; after an alarm, it needs new pairs alone.
 */
export class SequentialTest {
  readonly #limits: RatioLimits;
  #above: Evidence;
  #below: Evidence;
  #pairs: FigurePair[] = [];
  #outcome: 'pass' | 'fail' | undefined;
  #alarmAfter: number | undefined;
  #stageStart = 0;

  constructor(limits: RatioLimits) {
    this.#limits = limits;
    [this.#above, this.#below] = this.#evidences();
  }

  /** Undefined as long as it is open. */
  get outcome(): 'pass' | 'fail' | undefined {
    return this.#outcome;
  }

  /** The pair whose figures first looked like a failure, from 1. */
  get alarmAfter(): number | undefined {
    return this.#alarmAfter;
  }

  /** Pairs that the verdict rests on: all; for a pass after an alarm those after it. */
  get pairs(): readonly FigurePair[] {
    return this.#outcome === 'pass' ? this.#pairs.slice(this.#stageStart) : this.#pairs;
  }

  /** Nothing changes once it is decided. */
  add(pair: FigurePair): void {
    if (this.#outcome !== undefined) return;
    this.#pairs.push(pair);
    this.#above.add(pair);
    this.#below.add(pair);
    if (this.#above.log >= this.#neededToFail()) this.#failed();
    else if (this.#below.log >= neededLog(this.#limits.tests) || this.#isWithoutErrors()) this.#outcome = 'pass';
  }

  #failed(): void {
    if (this.#alarmAfter !== undefined) {
      this.#outcome = 'fail';
      return;
    }
    this.#alarmAfter = this.#pairs.length;
    this.#stageStart = this.#pairs.length;
    [this.#above, this.#below] = this.#evidences();
  }

  #neededToFail(): number {
    return this.#alarmAfter === undefined ? neededLog(this.#limits.tests) : Math.log(1 / confirmationError);
  }

  #isWithoutErrors(): boolean {
    if (this.#limits.scale !== 'share' || this.#pairs.length < pairsWithoutErrors) return false;
    return this.#pairs.every(({ candidate, baseline }) => candidate === 0 && baseline === 0);
  }

  #evidences(): [Evidence, Evidence] {
    const { failAbove, passBelow, scale } = this.#limits;
    return [new Evidence(failAbove, 'above', scale), new Evidence(passBelow, 'below', scale)];
  }
}
