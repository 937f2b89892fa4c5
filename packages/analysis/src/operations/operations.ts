import type { EnergySummary } from '../energy/roleEnergySummary.ts';
import type { ReceivedSpan } from '../signals/decodeSpans.ts';
import { percentile } from './percentile.ts';
import { type WorkUnits, workUnitsOf } from './workUnit.ts';

/** All calls of one operation: the spans of one name. */
export interface OperationSummary {
  readonly name: string;
  readonly calls: number;
  /** Calls whose span has status ERROR. */
  readonly errors: number;
  readonly meanSeconds: number;
  readonly p50Seconds: number;
  readonly p90Seconds: number;
  readonly p95Seconds: number;
  readonly p99Seconds: number;
  readonly maxSeconds: number;
  /** Absent without a meter, and where no call took time. */
  readonly energy?: EnergySummary;
  /** What its calls produced, where all of them state it. */
  readonly work?: WorkUnits;
}

/**
 * Summarises spans by name, the operation that took the most time first.
 *
 * @param energies of operations by name, from `operationEnergies`
 */
export function summariseOperations(
  spans: readonly ReceivedSpan[],
  energies: ReadonlyMap<string, EnergySummary> = new Map(),
): readonly OperationSummary[] {
  const byName = new Map<string, ReceivedSpan[]>();
  for (const span of spans) {
    const group = byName.get(span.name);
    if (group === undefined) byName.set(span.name, [span]);
    else group.push(span);
  }
  return [...byName]
    .map(([name, group]) => ({ totalNs: totalNs(group), summary: summarise(name, group, energies.get(name)) }))
    .sort((a, b) => b.totalNs - a.totalNs || a.summary.name.localeCompare(b.summary.name))
    .map(({ summary }) => summary);
}

function summarise(name: string, spans: readonly ReceivedSpan[], energy: EnergySummary | undefined): OperationSummary {
  const durations = Float64Array.from(spans, (span) => (span.endNs - span.startNs) * 1e-9).sort();
  const at = (percent: number) => percentile(durations, percent) ?? Number.NaN; // a group has a span at least
  const work = workUnitsOf(spans);
  return {
    name,
    calls: spans.length,
    errors: spans.reduce((failed, span) => failed + (span.failed ? 1 : 0), 0),
    meanSeconds: durations.reduce((sum, one) => sum + one, 0) / durations.length,
    p50Seconds: at(50),
    p90Seconds: at(90),
    p95Seconds: at(95),
    p99Seconds: at(99),
    maxSeconds: at(100),
    ...(energy === undefined ? {} : { energy }),
    ...(work === undefined ? {} : { work }),
  };
}

function totalNs(spans: readonly ReceivedSpan[]): number {
  return spans.reduce((sum, span) => sum + (span.endNs - span.startNs), 0);
}
