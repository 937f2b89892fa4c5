import type { Attributes, Link, SpanKind, SpanStatus } from '@opentelemetry/api';
import type { SdkSpan } from './sdkParts.ts';

/** An ended span, as plain data: the same under every SDK. */
export interface RecordedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly traceId: string;
  readonly spanId: string;
  /** Absent on the root of a trace. */
  readonly parentSpanId?: string;
  readonly attributes: Attributes;
  readonly status: SpanStatus;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly links: readonly Link[];
  readonly durationMs: number;
  /** Name of the instrumentation scope. */
  readonly scope: string;
}

export function recordedSpan(span: SdkSpan): RecordedSpan {
  const { traceId, spanId } = span.spanContext();
  const [seconds, nanoseconds] = span.duration;
  return {
    name: span.name,
    kind: span.kind,
    traceId,
    spanId,
    ...(span.parentSpanContext && { parentSpanId: span.parentSpanContext.spanId }),
    attributes: { ...span.attributes },
    status: { ...span.status },
    events: span.events.map(({ name, attributes }) => ({ name, attributes: { ...attributes } })),
    links: [...span.links],
    durationMs: seconds * 1e3 + nanoseconds / 1e6,
    scope: span.instrumentationScope.name,
  };
}
