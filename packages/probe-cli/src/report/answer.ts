import { type Budget, inUnitOf, type Judgement, unitScale, type Verdict } from '@benchlab-otel/analysis';
import type { RunResult } from './result.ts';

/** A judgement as reports show it. */
export interface Answer extends Judgement {
  /** What stands behind the outcome, phrase by phrase: what was observed, its interval, how many, why. */
  readonly facts: readonly string[];
}

/** The answers of a run to all that was asked, in the order in which it was asked: budgets first. */
export function answersOf({
  verdicts,
  judgements = [],
}: Pick<RunResult, 'verdicts' | 'judgements'>): readonly Answer[] {
  return [...verdicts.map(ofVerdict), ...judgements.map(ofJudgement)];
}

function ofVerdict(verdict: Verdict): Answer {
  const { budget, outcome, observed, interval, n, operation, matched = 1, simulated, reason } = verdict;
  const half = interval && (interval.high - interval.low) / 2;
  const seen = observed === undefined ? undefined : inUnitOf(budget, observed, half);
  const by = operation === undefined ? '' : ` by ${operation}${matched > 1 ? `, the worst of ${matched}` : ''}`;
  return {
    kind: 'budget',
    name: budget.text,
    outcome,
    ...(seen === undefined ? {} : { observed: seen }),
    limit: limitText(budget),
    n,
    ...(reason === undefined ? {} : { reason }),
    facts: [
      seen === undefined ? 'nothing observed' : `observed ${seen}${by}`,
      ...(interval === undefined
        ? []
        : [`95 % interval ${inUnitOf(budget, interval.low, half)} to ${inUnitOf(budget, interval.high, half)}`]),
      `n ${n}`,
      ...(simulated ? ['on simulated readings'] : []),
      ...(reason === undefined ? [] : [reason]),
    ],
  };
}

/** `< 250 ms`: the number as it was written, which scaling there and back may have changed in its last digits. */
function limitText(budget: Budget): string {
  const { comparison, limit, unit } = budget;
  return `${comparison} ${Number((limit / unitScale(budget)).toPrecision(12))} ${unit}`.trimEnd();
}

function ofJudgement(judgement: Judgement): Answer {
  const { observed, n, reason } = judgement;
  return {
    ...judgement,
    facts: [
      ...(observed === undefined ? [] : [`observed ${observed}`]),
      ...(n === undefined ? [] : [`n ${n}`]),
      ...(reason === undefined ? [] : [reason]),
    ],
  };
}
