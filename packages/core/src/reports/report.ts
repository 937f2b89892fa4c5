import { diag } from '@opentelemetry/api';

/** At most one line in this time for one source of trouble, so that a fault in a hot path does not flood the log. */
const quietMs = 60_000;

/** Reports trouble that the application must not notice to the operator, through `diag`. Never throws. */
export type Report = (trouble: string, cause?: unknown) => void;

/** A reporter of one source of trouble: one line a minute, with the number of those held back since the last. */
export function createReport(source: string): Report {
  let quietUntilMs = -Infinity;
  let heldBack = 0;
  return (trouble, cause) => {
    const nowMs = performance.now();
    if (nowMs < quietUntilMs) {
      heldBack += 1;
      return;
    }
    quietUntilMs = nowMs + quietMs;
    const more = heldBack === 0 ? '' : ` (and ${heldBack} more like it)`;
    heldBack = 0;
    try {
      diag.warn(`benchlab-otel: ${source}: ${trouble}${more}`, ...(cause === undefined ? [] : [cause]));
    } catch {
      // A logger that throws leaves no place to report to.
    }
  };
}
