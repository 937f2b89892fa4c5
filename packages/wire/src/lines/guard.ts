import { callGuarded, createReport } from '@benchlab-otel/core';

/** Calls `call`, a function of the application, and reports it when it throws or rejects. `what` is the name of the function. */
export type Guard = (what: string, call: () => unknown) => void;

/**
 * A function of the application that throws, or rejects, must not end the application from within a read or a write. What it throws is
 * reported through `diag`, at most once a minute.
 *
 * @param source the name of the source or the writer in the report
 */
export function createGuard(source: string): Guard {
  const report = createReport(source);
  return (what, call) => callGuarded(call, (thrown) => report(`its callback \`${what}\` threw.`, thrown));
}
