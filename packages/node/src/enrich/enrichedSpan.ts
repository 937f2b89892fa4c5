import type { Attributes, SpanContext } from '@opentelemetry/api';
import { sanitizeAttributes } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

/**
 * A copy of an ended span with further attributes. Only a copy can carry them, because the SDK ignores attributes that
 * are set after the end of a span. Later parts win over earlier ones, and attributes of the span itself over all.
 */
export function enrichedSpan(span: ReadableSpan, parts: readonly (Attributes | undefined)[]): ReadableSpan {
  let added: Attributes | undefined;
  for (const part of parts) {
    if (part === undefined || isEmpty(part)) continue;
    const valid = isPlain(part) ? part : sanitizeAttributes(part);
    // A copy, because the enricher may keep what it returned. Copying an object takes a fifth of adding its names.
    added = added === undefined ? { ...valid } : Object.assign(added, valid);
  }
  if (added === undefined || isEmpty(added)) return span;
  return new EnrichedSpan(span, Object.assign(added, span.attributes));
}

/** Without a list of the names. */
function isEmpty(attributes: Attributes): boolean {
  for (const _name in attributes) return false;
  return true;
}

/** Whether the SDK would take all of them as they are: texts, numbers and truth values, not lists, with names. */
function isPlain(attributes: Attributes): boolean {
  for (const name in attributes) {
    const type = typeof attributes[name];
    if (name === '' || (type !== 'number' && type !== 'string' && type !== 'boolean')) return false;
  }
  return true;
}

/** A class, so that all copies have one shape, and the context needs no function of its own for each. */
class EnrichedSpan implements ReadableSpan {
  readonly name: ReadableSpan['name'];
  readonly kind: ReadableSpan['kind'];
  readonly parentSpanContext?: SpanContext;
  readonly startTime: ReadableSpan['startTime'];
  readonly endTime: ReadableSpan['endTime'];
  readonly status: ReadableSpan['status'];
  readonly attributes: ReadableSpan['attributes'];
  readonly links: ReadableSpan['links'];
  readonly events: ReadableSpan['events'];
  readonly duration: ReadableSpan['duration'];
  readonly ended: boolean;
  readonly resource: ReadableSpan['resource'];
  readonly instrumentationScope: ReadableSpan['instrumentationScope'];
  readonly droppedAttributesCount: number;
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;
  readonly #context: SpanContext;

  constructor(span: ReadableSpan, attributes: Attributes) {
    this.name = span.name;
    this.kind = span.kind;
    if (span.parentSpanContext) this.parentSpanContext = span.parentSpanContext;
    this.startTime = span.startTime;
    this.endTime = span.endTime;
    this.status = span.status;
    this.attributes = attributes;
    this.links = span.links;
    this.events = span.events;
    this.duration = span.duration;
    this.ended = span.ended;
    this.resource = span.resource;
    this.instrumentationScope = span.instrumentationScope;
    this.droppedAttributesCount = span.droppedAttributesCount;
    this.droppedEventsCount = span.droppedEventsCount;
    this.droppedLinksCount = span.droppedLinksCount;
    this.#context = span.spanContext();
  }

  spanContext(): SpanContext {
    return this.#context;
  }
}
