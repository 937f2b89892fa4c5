import type { LatencySummary } from './summary.ts';

/** What a comparison came to, as the word that faces show. */
export type DeltaWord = 'slower' | 'faster' | 'same' | 'too few';

/** A latency against the same series of the baseline. */
export interface Delta {
  readonly word: DeltaWord;
  /** p95 now, divided by p95 of the baseline. Absent where one of them is not known, or the baseline's is 0. */
  readonly p95Ratio?: number;
  /** p50 likewise. */
  readonly p50Ratio?: number;
  /** Success now less success of the baseline, -1 to 1. */
  readonly successChange?: number;
  readonly n: number;
  readonly baselineN: number;
}

/** Below it a p95 by nearest rank is the largest value, which says little: 20 values have one above their p95. */
const fewest = 20;
/** Changes below it are called the same: no test stands behind a live comparison, `benchlab-probe run --baseline-cmd` has one. */
const sameWithin = 0.05;

/** How `now` differs from `baseline`. */
export function deltaOf(now: LatencySummary, baseline: LatencySummary): Delta {
  const p95Ratio = ratio(now.p95Ms, baseline.p95Ms);
  const p50Ratio = ratio(now.p50Ms, baseline.p50Ms);
  const change =
    now.successShare === undefined || baseline.successShare === undefined
      ? undefined
      : now.successShare - baseline.successShare;
  return {
    word: wordOf(p95Ratio, Math.min(now.n, baseline.n)),
    n: now.n,
    baselineN: baseline.n,
    ...(p95Ratio === undefined ? {} : { p95Ratio }),
    ...(p50Ratio === undefined ? {} : { p50Ratio }),
    ...(change === undefined ? {} : { successChange: change }),
  };
}

function wordOf(p95Ratio: number | undefined, n: number): DeltaWord {
  if (p95Ratio === undefined || n < fewest) return 'too few';
  if (p95Ratio > 1 + sameWithin) return 'slower';
  return p95Ratio < 1 - sameWithin ? 'faster' : 'same';
}

function ratio(now: number | undefined, before: number | undefined): number | undefined {
  return now === undefined || before === undefined || before === 0 ? undefined : now / before;
}
