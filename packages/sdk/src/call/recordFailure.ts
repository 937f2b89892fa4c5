import type { AttributeName } from '@benchlab-otel/core';
import { type Attributes, type Context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { describeFailure } from './failure.ts';
import { hasIdentity } from './hasIdentity.ts';
import { shared } from './shared.ts';

const errorTypeKey = 'error.type' satisfies AttributeName;

/** The trace in which an error was last recorded. By trace, because some programs throw the same error object often. */
const recordedIn = /* @__PURE__ */ shared('recordedIn', () => new WeakMap<object, string>());
/** The primitive value that a child of this span recorded last. Primitives have no identity, but pass from span to span. */
const recordedBelow = new WeakMap<Span, { readonly thrown: unknown }>();

/** Records an exception of a span that is active in `active`. */
export type RecordException = (span: Span, exception: Attributes, active: Context) => void;

export const asEvent: RecordException = (span, exception) => void span.addEvent('exception', exception);
// For the whole process. Set from outside, so that applications that keep the default do not bundle the log code.
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
  if (hasIdentity(error)) {
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
