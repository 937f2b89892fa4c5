import type { EndedSpan, StartedSpan } from '@benchlab-otel/core';
import type { HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** A span that started, with the uncertainty of its start. */
export interface TimedStart {
  readonly started: StartedSpan;
  readonly uncertaintyNs: number;
}

// The SDK keeps a start in milliseconds of the wall clock. A difference larger than that rounding plus the time between
// two statements means that the application passed the time.
const explicitNs = 2e6;
const explicitUncertaintyNs = 1e6;

/**
 * The start of a span on the monotonic clock. Called while the span starts, so it is `nowNs`, unless the application
 * passed a start time: then that is converted by `epochMs`, the wall clock at `nowNs`.
 */
export function timedStart(span: ReadableSpan, nowNs: number, epochMs: number): TimedStart {
  const { traceId, spanId } = span.spanContext();
  const agoNs = epochMs * 1e6 - nanoseconds(span.startTime);
  const isExplicit = Math.abs(agoNs) > explicitNs;
  const startNs = isExplicit ? nowNs - agoNs : nowNs;
  const started: Mutable<StartedSpan> = { traceId, spanId, name: span.name, kind: span.kind, startNs };
  const parent = span.parentSpanContext;
  if (parent && !parent.isRemote) started.parentSpanId = parent.spanId;
  return { started, uncertaintyNs: isExplicit ? explicitUncertaintyNs : 0 };
}

/**
 * Start and end of a span on the monotonic clock. Called while the span ends, so the end is `nowNs`, unless the span's own
 * duration disagrees: then the application passed an end time.
 */
export function endedSpan(span: ReadableSpan, start: TimedStart, nowNs: number): EndedSpan {
  const { traceId, spanId, parentSpanId, kind, startNs } = start.started;
  const givenEndNs = startNs + nanoseconds(span.duration);
  const isExplicit = Math.abs(givenEndNs - nowNs) > explicitNs;
  // Written out: this runs for every span, and a spread of `started` takes a microsecond.
  const ended: Mutable<EndedSpan> = {
    traceId,
    spanId,
    name: span.name,
    kind,
    startNs,
    endNs: isExplicit ? givenEndNs : nowNs,
    uncertaintyNs: isExplicit ? explicitUncertaintyNs : start.uncertaintyNs,
    attributes: span.attributes,
  };
  if (parentSpanId !== undefined) ended.parentSpanId = parentSpanId;
  return ended;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Exact to a quarter of a microsecond for times since 1970, far below the milliseconds that it is compared with. */
function nanoseconds([seconds, nanos]: HrTime): number {
  return seconds * 1e9 + nanos;
}
