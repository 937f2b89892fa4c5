import type { Report } from '@benchlab-otel/core';
import { select } from './selector.ts';

/**
 * True for an error that belongs to normal work (not found, cancelled). The call is then not a failure: it has no
 * `error.type`, status or exception. The caller gets the error all the same.
 */
export type ExpectedError = (error: unknown) => boolean;

/**
 * Adds the predicate to those of the other marks of the function, and returns the question to all of them. An error at
 * which one throws is not expected by it.
 */
export function expects(expected: ExpectedError | undefined, all: ExpectedError[], report: Report): ExpectedError {
  if (expected !== undefined) all.push((error) => select(expected, undefined, [error], report) === true);
  return (error) => all.some((each) => each(error));
}
