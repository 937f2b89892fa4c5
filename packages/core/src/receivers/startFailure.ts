import { messageOf } from '../errors/messageOf.ts';

/**
 * The error of a start that failed, when the stop that followed failed as well. It is the error of the start, because
 * that one has the code and the fix for the caller, with the error of the stop in its `cause`. An error that takes no
 * cause, and a value that is not an error, come as the first of an `AggregateError`.
 */
export function startFailure(name: string, ofStart: unknown, ofStop: unknown): unknown {
  if (ofStart === ofStop) return ofStart;
  const what = `${name}: the start failed (${messageOf(ofStart)}), and so did the stop after it (${messageOf(ofStop)}).`;
  if (!(ofStart instanceof Error)) return new AggregateError([ofStart, ofStop], what);
  // A cause that the error had already is kept.
  const cause = ofStart.cause === undefined ? ofStop : new AggregateError([ofStart.cause, ofStop], what);
  return Reflect.set(ofStart, 'cause', cause) ? ofStart : new AggregateError([ofStart, ofStop], what);
}
