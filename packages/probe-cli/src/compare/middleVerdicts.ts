import type { Verdict } from '@benchlab-otel/analysis';

/**
 * The verdicts on budgets without a baseline, of a program that ran several times: for each budget that of the run in the middle, in
 * the order fail, inconclusive, pass and then of what was observed. A single bad run does not fail it, and it is the
 * verdict of a run that took place.
 *
 * @param runs the verdicts of each run, all in the order of the budgets
 */
export function middleVerdicts(runs: readonly (readonly Verdict[])[]): readonly Verdict[] {
  const [first = []] = runs;
  return first.flatMap((_, budget) => {
    const ofBudget = runs.flatMap((verdicts) => verdicts[budget] ?? []);
    return ofBudget.sort(byOutcome)[(ofBudget.length - 1) >> 1] ?? [];
  });
}

const ranks = { fail: 0, inconclusive: 1, pass: 2 } as const;

function byOutcome(a: Verdict, b: Verdict): number {
  return ranks[a.outcome] - ranks[b.outcome] || (b.observed ?? 0) - (a.observed ?? 0);
}
