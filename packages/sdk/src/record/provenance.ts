import { isSpanContextValid, type Link, type Span, TraceFlags } from '@opentelemetry/api';

/**
 * The id of the span that made something: its trace id, a dash, its span id, in hex (W3C Trace Context). Keep it with the
 * artefact; a span that judges the artefact later passes it as `provenance.id`. Without an SDK it is all zeros, which
 * does not name a span.
 *
 * @example const provenance = provenanceId(span); // '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7'
 */
export function provenanceId(span: Span): string {
  const { traceId, spanId } = span.spanContext();
  return `${traceId}-${spanId}`;
}

/** Whether a value has the form of `provenanceId()` and names a span. */
export function isProvenanceId(id: unknown): boolean {
  return provenanceLink(id) !== undefined;
}

const form = /^([0-9a-f]{32})-([0-9a-f]{16})$/;

/** The link to the span that a provenance id names, or undefined when the id is not valid. */
export function provenanceLink(id: unknown): Link | undefined {
  const [, traceId, spanId] = (typeof id === 'string' && form.exec(id)) || [];
  if (traceId === undefined || spanId === undefined) return undefined;
  // It is not known here whether that span was sampled; a store that has it shows it.
  const context = { traceId, spanId, traceFlags: TraceFlags.NONE, isRemote: true };
  return isSpanContextValid(context) ? { context } : undefined;
}
