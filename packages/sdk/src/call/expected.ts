import type { Report } from '@benchlab-otel/core';
import { select } from './selector.ts';

/**
 * True for what is thrown in the normal course of things (not found, cancelled): the call is then no failure, without
 * `error.type`, status or exception. The caller gets the error all the same.
 */
export type ExpectedError = (error: unknown) => boolean;

/** Asks the predicate, whatever it does: an error that it throws at is not expected. */
export function expects(expected: ExpectedError | undefined, report: Report): ExpectedError | undefined {
  return expected && ((error) => select(expected, undefined, [error], report) === true);
}
