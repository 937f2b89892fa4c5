import type { Series } from './series.ts';
import type { LatencySummary } from './summary.ts';

/** A recording or session that latencies are compared with. */
export interface Baseline {
  readonly name: string;
  readonly summaries: readonly LatencySummary[];
}

/** The series of the baseline: of the same node, else of the only node that has it. */
export function summaryBefore(
  { kind, node, name }: Series,
  baseline: Baseline | undefined,
): LatencySummary | undefined {
  const same = baseline?.summaries.filter(({ series }) => series.kind === kind && series.name === name) ?? [];
  return same.find(({ series }) => series.node === node) ?? (same.length === 1 ? same[0] : undefined);
}
