import { type Baseline, summaryBefore } from './baseline.ts';
import { deltaOf } from './delta.ts';
import type { LatencySummary } from './summary.ts';
import type { Level, SeriesView } from './view.ts';

/** Where green ends and red begins, for frames between two stages, ms. */
export const thresholdsMs: { readonly good: number; readonly bad: number } = { good: 10, bad: 20 };

/** Green, yellow and red as words. */
export function levelOf(latencyMs: number): Level {
  if (latencyMs < thresholdsMs.good) return 'good';
  return latencyMs <= thresholdsMs.bad ? 'slow' : 'bad';
}

/** A summary with its change against the baseline, and for a pair of stages with its word. */
export function seriesView(summary: LatencySummary, baseline: Baseline | undefined): SeriesView {
  const { series, p95Ms } = summary;
  const before = summaryBefore(series, baseline);
  return {
    ...summary,
    ...(before === undefined ? {} : { delta: deltaOf(summary, before) }),
    ...(series.kind === 'pair' && p95Ms !== undefined ? { level: levelOf(p95Ms) } : {}),
  };
}
