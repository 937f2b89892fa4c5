import { minCoverage, type SpanEnergy } from '../energy/spanEnergy.ts';
import { type EnergySummary, summariseEnergy } from '../energy/summary.ts';
import type { ReceivedSpan } from '../signals/decodeSpans.ts';
import { percentile } from './percentile.ts';

/** All calls of one operation: the spans of one name. */
export interface OperationSummary {
  readonly name: string;
  readonly calls: number;
  /** Calls whose span has status ERROR. */
  readonly errors: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly p99Seconds: number;
  readonly maxSeconds: number;
  /** Absent when no call was measured. */
  readonly energy?: EnergySummary;
  /** Share of the time of all calls, the unmeasured ones included, that valid samples cover, 0 to 1. */
  readonly energyCoverage: number;
}

/**
 * Summarises spans by name, the operation that took the most time first.
 *
 * @param energies of the spans, in their order; undefined where nothing was measured
 */
export function summariseOperations(
  spans: readonly ReceivedSpan[],
  energies: readonly (SpanEnergy | undefined)[],
): readonly OperationSummary[] {
  const byName = new Map<string, { spans: ReceivedSpan[]; energies: (SpanEnergy | undefined)[] }>();
  for (const [index, span] of spans.entries()) {
    const group = byName.get(span.name) ?? { spans: [], energies: [] };
    group.spans.push(span);
    group.energies.push(energies[index]);
    byName.set(span.name, group);
  }
  return [...byName]
    .map(([name, group]) => ({ totalNs: totalNs(group.spans), summary: summarise(name, group.spans, group.energies) }))
    .sort((a, b) => b.totalNs - a.totalNs || a.summary.name.localeCompare(b.summary.name))
    .map(({ summary }) => summary);
}

/**
 * The energy of an operation where it can be stated. Figures of one call in twelve do not describe the twelve: below
 * the coverage that a verdict needs, there is none.
 */
export function statedEnergy({ energy, energyCoverage }: OperationSummary): EnergySummary | undefined {
  return energyCoverage < minCoverage ? undefined : energy;
}

function summarise(
  name: string,
  spans: readonly ReceivedSpan[],
  energies: readonly (SpanEnergy | undefined)[],
): OperationSummary {
  const durations = Float64Array.from(spans, (span) => (span.endNs - span.startNs) * 1e-9).sort();
  const at = (percent: number) => percentile(durations, percent) ?? Number.NaN; // a group has a span at least
  const energy = summariseEnergy(energies);
  return {
    name,
    calls: spans.length,
    errors: spans.reduce((failed, span) => failed + (span.failed ? 1 : 0), 0),
    p50Seconds: at(50),
    p95Seconds: at(95),
    p99Seconds: at(99),
    maxSeconds: at(100),
    ...(energy === undefined ? {} : { energy }),
    energyCoverage: coverageOf(spans, energies),
  };
}

function coverageOf(spans: readonly ReceivedSpan[], energies: readonly (SpanEnergy | undefined)[]): number {
  const covered = spans.reduce((sum, span, k) => sum + (energies[k]?.coverage ?? 0) * (span.endNs - span.startNs), 0);
  const total = totalNs(spans);
  return total > 0 ? covered / total : 0;
}

function totalNs(spans: readonly ReceivedSpan[]): number {
  return spans.reduce((sum, span) => sum + (span.endNs - span.startNs), 0);
}
