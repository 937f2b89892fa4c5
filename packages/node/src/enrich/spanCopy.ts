import type { SpanContext } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** What a copy has otherwise than its span. */
export type SpanChanges = Pick<ReadableSpan, 'attributes'> &
  Partial<Pick<ReadableSpan, 'name' | 'status' | 'links' | 'events' | 'instrumentationScope'>>;

/**
 * A copy of an ended span with other attributes. A class, so that all copies have one shape, and the context needs no
 * function of its own for each.
 */
export class SpanCopy implements ReadableSpan {
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

  constructor(span: ReadableSpan, changes: SpanChanges) {
    this.name = changes.name ?? span.name;
    this.kind = span.kind;
    if (span.parentSpanContext) this.parentSpanContext = span.parentSpanContext;
    this.startTime = span.startTime;
    this.endTime = span.endTime;
    this.status = changes.status ?? span.status;
    this.attributes = changes.attributes;
    this.links = changes.links ?? span.links;
    this.events = changes.events ?? span.events;
    this.duration = span.duration;
    this.ended = span.ended;
    this.resource = span.resource;
    this.instrumentationScope = changes.instrumentationScope ?? span.instrumentationScope;
    this.droppedAttributesCount = span.droppedAttributesCount;
    this.droppedEventsCount = span.droppedEventsCount;
    this.droppedLinksCount = span.droppedLinksCount;
    this.#context = span.spanContext();
  }

  spanContext(): SpanContext {
    return this.#context;
  }
}
