import { isSpanContextValid, type Link, type Span, TraceFlags } from '@opentelemetry/api';

/**
 * Says which span made something: its trace id, a dash, its span id, in hex (W3C Trace Context). Keep it beside the
 * artefact; whatever judges the artefact later gives it as `provenance.id`. Without an SDK it is all zeros, which names
 * no span.
 *
 * @example const provenance = provenanceId(span); // '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7'
 */
export function provenanceId(span: Span): string {
  const { traceId, spanId } = span.spanContext();
  return `${traceId}-${spanId}`;
}

const form = /^([0-9a-f]{32})-([0-9a-f]{16})$/;

/** The link to the span that a provenance id names, or nothing when it names none. */
export function provenanceLink(id: unknown): Link | undefined {
  const [, traceId, spanId] = (typeof id === 'string' && form.exec(id)) || [];
  if (traceId === undefined || spanId === undefined) return undefined;
  // Whether that span was sampled is not known here; a store that has it will show it.
  const context = { traceId, spanId, traceFlags: TraceFlags.NONE, isRemote: true };
  return isSpanContextValid(context) ? { context } : undefined;
}
