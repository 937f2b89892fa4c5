import type { RelativeFunction } from '../budget/relativeBudget.ts';
import type { Judgement } from '../judgement.ts';
import { seconds, significant, toHalfWidth } from '../text/quantity.ts';
import type { ComparisonVerdict } from './budgetComparison.ts';
import type { RatioEstimate } from './ratioInterval.ts';

/** `+7.2 %`, `-3.0 %`: how far a ratio is from 1. */
export function changeText(ratio: number): string {
  const change = (ratio - 1) * 100;
  const digits = Math.abs(change) < 10 ? 1 : 0;
  return `${change < 0 ? '' : '+'}${change.toFixed(digits)} %`;
}

/** `0.981 to 1.043`, `above 1.02`, `not bounded yet`. */
export function intervalText({ low, high }: RatioEstimate): string {
  if (low === 0 && high === Number.POSITIVE_INFINITY) return 'not bounded yet';
  if (high === Number.POSITIVE_INFINITY) return `above ${significant(low)}`;
  if (low === 0) return `below ${significant(high)}`;
  const half = Math.max((high - low) / 2, smallestHalf);
  return `${toHalfWidth(low, half)} to ${toHalfWidth(high, half)}`;
}

/** Ratios are printed with four decimals at most. */
const smallestHalf = 1e-3;

/** `95 %`; with three budgets each has an interval of `98.3 %`. */
export function levelText(tests: number): string {
  return `${Number((100 - 5 / tests).toFixed(1))} %`;
}

/** A figure of a run in the unit of its function. */
export function figureText(fn: RelativeFunction, value: number): string {
  switch (fn) {
    case 'joules':
      return `${significant(value)} J`;
    case 'watts':
      return `${significant(value)} W`;
    case 'errors':
      return `${significant(100 * value)} %`;
    default:
      return seconds(value);
  }
}

/** A comparison as one of the questions that a run answers. */
export function comparisonJudgement(verdict: ComparisonVerdict): Judgement {
  const { budget, outcome, limits, estimate, pairs, spansAreMissing, reason } = verdict;
  const { ratio } = estimate;
  const margin = limits.passBelow > limits.failAbove ? `, with a margin of ${limits.passBelow}` : '';
  return {
    kind: 'comparison',
    name: budget.text,
    outcome,
    ...(pairs > 0 && {
      observed: `ratio ${ratio === undefined ? 'of 0 to 0' : significant(ratio)}, ${levelText(limits.tests)} interval ${intervalText(estimate)}`,
    }),
    limit: `below ${limits.failAbove} x baseline${margin}`,
    n: pairs,
    ...(spansAreMissing && { telemetryIsMissing: true }),
    ...(reason !== undefined && { reason }),
  };
}
