import type { EnergySummary } from '../energy/roleEnergySummary.ts';
import type { ReceivedSpan } from '../signals/decodeSpans.ts';
import { operationLabels, type SpanKindName, spanKindName } from './operationLabels.ts';
import { percentile } from './percentile.ts';
import { type WorkUnits, workUnitsOf } from './workUnit.ts';

/** All calls of one operation: the spans of one name and one kind. */
export interface OperationSummary {
  /** The name of its spans. */
  readonly name: string;
  readonly kind: SpanKindName;
  /** Its name in reports: `GET /cart`, or `GET /cart, client` where spans of that name have several kinds. */
  readonly label: string;
  readonly calls: number;
  /** Calls whose span has status ERROR. */
  readonly errors: number;
  readonly meanSeconds: number;
  readonly p50Seconds: number;
  readonly p90Seconds: number;
  readonly p95Seconds: number;
  readonly p99Seconds: number;
  readonly maxSeconds: number;
  /** The durations of all calls, the shortest first. Absent in a summary that was read from a file. */
  readonly sortedSeconds?: Float64Array;
  /** Absent without a meter, and where no call took time. */
  readonly energy?: EnergySummary;
  /** What its calls produced, where all of them state it. */
  readonly work?: WorkUnits;
}

/**
 * Summarises spans by name and kind, the operation that took the most time first.
 *
 * @param energies of operations by label, from `operationEnergies`
 */
export function summariseOperations(
  spans: readonly ReceivedSpan[],
  energies: ReadonlyMap<string, EnergySummary> = new Map(),
): readonly OperationSummary[] {
  const labelOf = operationLabels(spans);
  const byLabel = new Map<string, ReceivedSpan[]>();
  for (const span of spans) {
    const label = labelOf(span);
    const group = byLabel.get(label);
    if (group === undefined) byLabel.set(label, [span]);
    else group.push(span);
  }
  return [...byLabel]
    .map(([label, group]) => ({ totalNs: totalNs(group), summary: summarise(label, group, energies.get(label)) }))
    .sort((a, b) => b.totalNs - a.totalNs || a.summary.label.localeCompare(b.summary.label))
    .map(({ summary }) => summary);
}

function summarise(label: string, spans: readonly ReceivedSpan[], energy: EnergySummary | undefined): OperationSummary {
  const [{ name, kind } = { name: label, kind: 0 }] = spans; // a group has a span at least
  const sortedSeconds = Float64Array.from(spans, (span) => (span.endNs - span.startNs) * 1e-9).sort();
  const at = (percent: number) => percentile(sortedSeconds, percent) ?? Number.NaN;
  const work = workUnitsOf(spans);
  return {
    name,
    kind: spanKindName(kind),
    label,
    calls: spans.length,
    errors: spans.reduce((failed, span) => failed + (span.failed ? 1 : 0), 0),
    meanSeconds: (totalNs(spans) * 1e-9) / spans.length,
    p50Seconds: at(50),
    p90Seconds: at(90),
    p95Seconds: at(95),
    p99Seconds: at(99),
    maxSeconds: at(100),
    sortedSeconds,
    ...(energy === undefined ? {} : { energy }),
    ...(work === undefined ? {} : { work }),
  };
}

function totalNs(spans: readonly ReceivedSpan[]): number {
  return spans.reduce((sum, span) => sum + (span.endNs - span.startNs), 0);
}
