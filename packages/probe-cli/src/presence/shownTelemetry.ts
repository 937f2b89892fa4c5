import type { Lost, Observed } from '@benchlab-otel/analysis';

/** All that one run showed. */
export interface ShownTelemetry {
  readonly observed: Observed;
  /** ISO 8601 */
  readonly startedAt: string;
  /** What of it was lost. */
  readonly lost: Lost;
}
