import type { Observed, Received, SpanLoss } from '@benchlab-otel/analysis';

/** All that one run showed. */
export interface ShownTelemetry {
  readonly observed: Observed;
  /** ISO 8601 */
  readonly startedAt: string;
  /** How much came, and what of it was lost. */
  readonly received: Received;
  /** What the program itself states of spans that did not arrive. */
  readonly loss?: SpanLoss;
}
