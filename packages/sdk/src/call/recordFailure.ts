import type { AttributeName } from '@benchlab-otel/core';
import { type Attributes, type Context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { describeFailure } from './failure.ts';
import { hasIdentity } from './hasIdentity.ts';
import { shared } from './shared.ts';

const errorTypeKey = 'error.type' satisfies AttributeName;

/**
 * Of an error, the trace in which it was last recorded (by trace, because some programs throw the same error object often).
 * Of a span, the primitive value that a child recorded last: primitives have no identity, but pass from span to span.
 */
const recorded = /* @__PURE__ */ shared('recorded', new WeakMap<object, string | { readonly thrown: unknown }>());

/** Records an exception of a span that is active in `active`. */
export type RecordException = (span: Span, exception: Attributes, active: Context) => void;

export const asEvent: RecordException = (span, exception) => void span.addEvent('exception', exception);
// For the whole process. Set from outside, so that applications that keep the default do not bundle the log code.
const recording = /* @__PURE__ */ shared('record', { record: asEvent });

export function setRecordException(record: RecordException): void {
  recording.record = record;
}

/** Marks a span as failed; the exception itself is recorded on the innermost of the spans that it passes through. */
export function recordFailure(
  span: Span,
  contexts: { readonly parent: Context; readonly active: Context },
  error: unknown,
): void {
  const { type, message, stack } = describeFailure(error);
  span.setAttribute(errorTypeKey, type);
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message && { message }) });
  if (!isFirst(span, contexts.parent, error)) return;
  const exception: Attributes = { 'exception.type': type, 'exception.message': message };
  if (stack !== undefined) exception['exception.stacktrace'] = stack;
  recording.record(span, exception, contexts.active);
}

function isFirst(span: Span, parent: Context, error: unknown): boolean {
  if (hasIdentity(error)) {
    const { traceId } = span.spanContext();
    if (recorded.get(error) === traceId) return false;
    recorded.set(error, traceId);
    return true;
  }
  const below = recorded.get(span);
  const above = trace.getSpan(parent);
  if (above !== undefined) recorded.set(above, { thrown: error });
  return typeof below !== 'object' || !Object.is(below.thrown, error);
}
