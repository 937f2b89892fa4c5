import { diag } from '@opentelemetry/api';

/** The bound of different messages. Further ones are not reported: by then the operator knows of the trouble. */
const maxRemembered = 64;

/** Reports trouble through `diag`, each message once. Never throws. */
export type ReportOnce = (trouble: string, cause?: unknown) => void;

/** A reporter that logs each message of one source once in the life of the process, at most 64 different ones. */
export function createReportOnce(source: string): ReportOnce {
  const reported = new Set<string>();
  return (trouble, cause) => {
    if (reported.has(trouble) || reported.size >= maxRemembered) return;
    reported.add(trouble);
    try {
      diag.warn(`${source}: ${trouble}`, ...(cause === undefined ? [] : [cause]));
    } catch {
      // A logger that throws leaves no place to report to.
    }
  };
}
