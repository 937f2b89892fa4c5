import type { RelativeBudget } from '../budget/relativeBudget.ts';
import { counted } from '../text/quantity.ts';
import { detectableChange } from './detectableChange.ts';
import type { FigurePair, FigureScale } from './figurePair.ts';
import type { DrawnOrder } from './pairOrder.ts';
import { middleOf, type RatioEstimate, ratioEstimate } from './ratioInterval.ts';
import { type RunFigure, scaleOf } from './runFigure.ts';
import { type RatioLimits, SequentialTest } from './sequentialTest.ts';

/** What all budgets of a comparison share. */
export interface ComparisonRules {
  /** `< baseline` passes when the ratio is below this. */
  readonly margin: number;
  /** Budgets that are decided together. */
  readonly tests: number;
  /** Pairs that the comparison may take. */
  readonly mostPairs: number;
}

/** What a budget relative to a baseline came to. */
export interface ComparisonVerdict {
  readonly budget: RelativeBudget;
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  readonly limits: RatioLimits;
  /** Of the pairs that the verdict rests on. Its interval has the level 1 − 0.05 / tests. */
  readonly estimate: RatioEstimate;
  /** The middle of the figures of all runs, in the base unit. Absent without a pair. */
  readonly candidate?: number;
  readonly baseline?: number;
  /** Pairs that the verdict rests on. */
  readonly pairs: number;
  /** Pairs that the meter left without a figure. */
  readonly leftOut: number;
  /** The pair after which it first looked like a failure. */
  readonly alarmAfter?: number;
  /** The smallest ratio that would have failed in 95 of 100 comparisons on this noise. */
  readonly detectable?: number;
  /** It is inconclusive because spans of a run are missing from its figures. */
  readonly spansAreMissing?: true;
  /** Why it is not a failure or a plain pass. */
  readonly reason?: string;
}

/** A pair in four may lack its figure, for gaps of the meter. It is looked at from the fourth pair on. */
const [largestLeftOut, leftOutFrom] = [0.25, 4];

/** Pairs of one budget, until it is decided. */
export class BudgetComparison {
  readonly budget: RelativeBudget;
  readonly #limits: RatioLimits;
  readonly #mostPairs: number;
  readonly #test: SequentialTest;
  readonly #all: FigurePair[] = [];
  #calls = 0;
  #leftOut = 0;
  #noFigure: string | undefined;
  #spansAreMissing = false;

  constructor(budget: RelativeBudget, { margin, tests, mostPairs }: ComparisonRules) {
    this.budget = budget;
    const { factor = 1 } = budget;
    const passBelow = budget.factor === undefined ? margin : factor;
    this.#limits = { failAbove: factor, passBelow, scale: scaleOf(budget), tests };
    this.#mostPairs = mostPairs;
    this.#test = new SequentialTest(this.#limits);
  }

  /** More pairs could decide it. */
  get isOpen(): boolean {
    return this.#test.outcome === undefined && this.#noFigure === undefined;
  }

  /** Why it will never have enough figures. */
  get noFigure(): string | undefined {
    return this.#noFigure;
  }

  /** The pair after which it first looked like a failure. */
  get alarmAfter(): number | undefined {
    return this.#test.alarmAfter;
  }

  add(candidate: RunFigure, baseline: RunFigure, order: DrawnOrder): void {
    if (!this.isOpen) return;
    if ('missing' in baseline) this.#missing('baseline', baseline);
    else if ('missing' in candidate) this.#missing('candidate', candidate);
    else {
      const pair = { candidate: candidate.value, baseline: baseline.value, ...order };
      this.#all.push(pair);
      this.#calls += candidate.calls;
      this.#test.add(pair);
    }
  }

  /**
   * @param why for a budget that is open: `60 pairs did not decide it`
   * @param isFinal also finds the change that would have been caught, which takes some hundredths of a second
   */
  verdict(why: string, isFinal: boolean): ComparisonVerdict {
    const { outcome = 'inconclusive', alarmAfter, pairs } = this.#test;
    const middle = (program: 'candidate' | 'baseline') => middleOf(this.#all.map((pair) => pair[program]));
    const detectable = isFinal ? detectableChange(this.#all, this.#limits, this.#mostPairs) : undefined;
    const reason = this.#reason(why);
    return {
      budget: this.budget,
      outcome,
      limits: this.#limits,
      estimate: ratioEstimate(pairs, this.#limits.scale, this.#limits.tests),
      ...(this.#all.length > 0 && { candidate: middle('candidate'), baseline: middle('baseline') }),
      pairs: pairs.length,
      leftOut: this.#leftOut,
      ...(alarmAfter !== undefined && { alarmAfter }),
      ...(detectable !== undefined && { detectable }),
      ...(this.#spansAreMissing && { spansAreMissing: true }),
      ...(reason !== undefined && { reason }),
    };
  }

  #reason(why: string): string | undefined {
    const { outcome, alarmAfter, pairs } = this.#test;
    const alarm = alarmAfter === undefined ? '' : `, and new pairs did not confirm the alarm after pair ${alarmAfter}`;
    if (outcome === 'fail') return undefined;
    if (outcome === undefined) return this.#noFigure ?? `${why}${alarm}`;
    if (alarmAfter !== undefined)
      return `it looked like a failure after pair ${alarmAfter}; the pairs after it are below the limit`;
    if (isWithoutErrors(pairs, this.#limits.scale)) {
      return `no call failed, on either side; at 95 %, ${this.#calls} calls leave room for a share of ${hiddenShare(this.#calls)}`;
    }
    return undefined;
  }

  #missing(
    program: 'candidate' | 'baseline',
    { missing, isGap, spansAreMissing }: Extract<RunFigure, { readonly missing: string }>,
  ): void {
    const pair = this.#all.length + this.#leftOut + 1;
    if (!isGap) {
      this.#noFigure = `the ${program} has no figure in pair ${pair}: ${missing}`;
      this.#spansAreMissing = spansAreMissing === true;
      return;
    }
    this.#leftOut++;
    if (pair < leftOutFrom || this.#leftOut <= largestLeftOut * pair) return;
    const without = `${this.#leftOut} of ${counted(pair, 'pair')} have no figure`;
    this.#noFigure = `${without}, the last one because of the ${program}: ${missing}`;
  }
}

function isWithoutErrors(pairs: readonly FigurePair[], scale: FigureScale): boolean {
  return scale === 'share' && pairs.every(({ candidate, baseline }) => candidate === 0 && baseline === 0);
}

/** The rule of three: N calls without a failure leave room for a share of 3 / N at 95 %. */
function hiddenShare(calls: number): string {
  return `${(300 / calls).toPrecision(2)} %`;
}
