import type { Attributes } from '@opentelemetry/api';
import { sanitizeAttributes } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

/**
 * A copy of an ended span with further attributes. Only a copy can carry them, because the SDK ignores attributes that
 * are set after the end of a span. Later parts win over earlier ones, and attributes of the span itself over all.
 */
export function enrichedSpan(span: ReadableSpan, parts: readonly (Attributes | undefined)[]): ReadableSpan {
  const added: Attributes = sanitizeAttributes(Object.assign({}, ...parts));
  if (Object.keys(added).length === 0) return span;
  const copy: Mutable<ReadableSpan> = {
    name: span.name,
    kind: span.kind,
    spanContext: () => span.spanContext(),
    startTime: span.startTime,
    endTime: span.endTime,
    status: span.status,
    attributes: Object.assign(added, span.attributes),
    links: span.links,
    events: span.events,
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
  if (span.parentSpanContext) copy.parentSpanContext = span.parentSpanContext;
  return copy;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
