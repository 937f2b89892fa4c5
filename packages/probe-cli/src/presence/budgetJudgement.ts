import { inUnitOf, type Judgement, type Verdict } from '@benchlab-otel/analysis';

/** The verdict of a budget as a judgement, to stand with those of expectations. */
export function budgetJudgement({ budget, outcome, observed, n, reason }: Verdict): Judgement {
  return {
    kind: 'budget',
    name: budget.text,
    outcome,
    ...(observed === undefined ? {} : { observed: inUnitOf(budget, observed) }),
    limit: `${budget.comparison} ${inUnitOf(budget, budget.limit)}`,
    n,
    ...(reason === undefined ? {} : { reason }),
  };
}
