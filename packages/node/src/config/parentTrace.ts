import { shown } from '@benchlab-otel/core';
import { type Env, firstSet } from './environment.ts';

/** The headers of W3C Trace Context that a process got from the one that started it. */
export interface ParentTrace {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** Version, trace id, parent id, flags. Source: W3C Trace Context, "traceparent Header Field Values". */
const form = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * From TRACEPARENT and TRACESTATE: OpenTelemetry specification, "Environment Variables as Context Propagation Carriers".
 * One that is malformed is left out, with a warning, as a header would be.
 */
export function parentTrace(env: Env): { readonly parent?: ParentTrace; readonly warnings: readonly string[] } {
  const traceparent = firstSet(env, ['TRACEPARENT']);
  if (traceparent === undefined) return { warnings: [] };
  if (!form.test(traceparent.value)) {
    const allowed = 'VERSION-TRACE_ID-PARENT_ID-FLAGS in lower-case hexadecimal digits, as in the header traceparent';
    return { warnings: [`TRACEPARENT is ${shown(traceparent.value)}, which has no effect. It must be ${allowed}.`] };
  }
  const tracestate = firstSet(env, ['TRACESTATE']);
  const parent = { traceparent: traceparent.value, ...(tracestate && { tracestate: tracestate.value }) };
  return { parent, warnings: [] };
}
