import type { AttributeName } from '@benchlab-otel/core';
import { type Attributes, type Context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { describeFailure } from './failure.ts';

const errorTypeKey = 'error.type' satisfies AttributeName;

/** The trace in which an error was last recorded. By trace, since some programs throw one error object all their life. */
const recordedIn = new WeakMap<object, string>();
/** The primitive that a child of this span recorded last: primitives have no identity, but they pass from span to span. */
const recordedBelow = new WeakMap<Span, { readonly thrown: unknown }>();

/** Records an exception of a span that is active in `active`. */
export type RecordException = (span: Span, exception: Attributes, active: Context) => void;

export const asEvent: RecordException = (span, exception) => void span.addEvent('exception', exception);
// As the whole process wants it, and set from outside, so that who leaves it at events bundles no logs.
let recordException = asEvent;

export function setRecordException(record: RecordException): void {
  recordException = record;
}

/** Marks a span as failed; the exception itself is recorded on the innermost of the spans that it passes through. */
export function recordFailure(
  span: Span,
  contexts: { readonly parent: Context; readonly active: Context },
  error: unknown,
): void {
  const { type, message, stack } = describeFailure(error);
  span.setAttribute(errorTypeKey, type);
  span.setStatus(message === '' ? { code: SpanStatusCode.ERROR } : { code: SpanStatusCode.ERROR, message });
  if (!isFirst(span, contexts.parent, error)) return;
  const exception: Attributes = { 'exception.type': type, 'exception.message': message };
  if (stack !== undefined) exception['exception.stacktrace'] = stack;
  recordException(span, exception, contexts.active);
}

function isFirst(span: Span, parent: Context, error: unknown): boolean {
  if ((typeof error === 'object' && error !== null) || typeof error === 'function') {
    const { traceId } = span.spanContext();
    if (recordedIn.get(error) === traceId) return false;
    recordedIn.set(error, traceId);
    return true;
  }
  const below = recordedBelow.get(span);
  const above = trace.getSpan(parent);
  if (above !== undefined) recordedBelow.set(above, { thrown: error });
  return below === undefined || !Object.is(below.thrown, error);
}
