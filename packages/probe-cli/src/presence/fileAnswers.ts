import {
  type Evidence,
  type Judgement,
  judge,
  judgeExpectations,
  type Lost,
  type Observed,
  type Verdict,
} from '@benchlab-otel/analysis';
import type { ProbeFile } from './probeFile.ts';

/** What a file asks, answered by what was seen. */
export interface FileAnswers {
  readonly verdicts: readonly Verdict[];
  readonly judgements: readonly Judgement[];
}

/** Answers all that a file asks, where nothing was compared with its baseline. */
export function fileAnswers(
  { budgets, relativeBudgets, expectations }: ProbeFile,
  observed: Observed,
  lost: Lost,
  evidence: Evidence,
): FileAnswers {
  return {
    verdicts: budgets.map((budget) => judge(budget, evidence)),
    judgements: [...relativeBudgets.map(notCompared), ...judgeExpectations(expectations, observed, lost)],
  };
}

/** Absent is not a pass. */
function notCompared(name: string): Judgement {
  const reason = 'nothing was compared with a baseline: benchlab-probe run --expect does it';
  return { kind: 'comparison', name, outcome: 'inconclusive', reason };
}
