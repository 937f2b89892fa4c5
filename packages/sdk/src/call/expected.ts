import type { Report } from '@benchlab-otel/core';
import { select } from './selector.ts';

/**
 * True for an error that belongs to normal work (not found, cancelled). The call is then not a failure: it has no
 * `error.type`, status or exception. The caller gets the error all the same.
 */
export type ExpectedError = (error: unknown) => boolean;

/** Makes the predicate safe: an error at which it throws is not expected. */
export function expects(expected: ExpectedError | undefined, report: Report): ExpectedError | undefined {
  return expected && ((error) => select(expected, undefined, [error], report) === true);
}
