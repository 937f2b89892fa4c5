import type { ComparisonVerdict } from '@benchlab-otel/analysis';
import type { BaselineName, ComparedRun, Comparison } from './comparison.ts';

/** The comparison in the JSON report. Figures are in seconds, joules, watts, or a share of 1. What is absent is null. */
export function comparisonObject(comparison: Comparison, withCommand: boolean): object {
  const { machine } = comparison;
  return {
    baseline: baselineObject(comparison.baseline, withCommand),
    end: comparison.end,
    pairs: comparison.pairs,
    warmupPairs: comparison.warmupPairs,
    maxPairs: comparison.maxPairs,
    maxSeconds: comparison.maxSeconds ?? null,
    machine: {
      model: machine.model,
      processors: machine.processors,
      governors: machine.governors,
      loadBefore: machine.loadBefore,
      throttled: machine.throttled ?? null,
    },
    budgets: comparison.verdicts.map(verdictObject),
    runs: comparison.runs.map(runObject),
  };
}

function baselineObject(baseline: BaselineName, withCommand: boolean): object {
  if (baseline.kind === 'command') {
    const command = withCommand ? baseline.command : null;
    return { kind: 'command', command, ref: null, commit: null, candidateCommit: null, changedFiles: null };
  }
  const { ref, commit, candidateCommit, changedFiles } = baseline;
  return { kind: 'ref', command: null, ref, commit, candidateCommit, changedFiles };
}

function verdictObject(verdict: ComparisonVerdict): object {
  const { budget, limits, estimate } = verdict;
  return {
    budget: budget.text,
    function: budget.function,
    operation: budget.operation === '' ? null : budget.operation,
    role: budget.function === 'joules' || budget.function === 'watts' ? budget.role : null,
    per: budget.per ?? null,
    verdict: verdict.outcome,
    failAbove: limits.failAbove,
    passBelow: limits.passBelow,
    ratio: finite(estimate.ratio),
    interval: { level: 1 - 0.05 / limits.tests, low: estimate.low, high: finite(estimate.high) },
    candidate: verdict.candidate ?? null,
    baseline: verdict.baseline ?? null,
    pairs: verdict.pairs,
    leftOut: verdict.leftOut,
    alarmAfter: verdict.alarmAfter ?? null,
    detectableRatio: verdict.detectable ?? null,
    reason: verdict.reason ?? null,
  };
}

function runObject(run: ComparedRun): object {
  return { ...run, figures: run.figures.map((figure) => figure ?? null) };
}

/** JSON has no infinity. */
function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
