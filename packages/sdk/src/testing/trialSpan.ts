import { randomBytes } from 'node:crypto';
import type { Clock, Enricher, StartedSpan } from '@benchlab-otel/core';
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

export interface TrialSpanOptions {
  readonly name: string;
  /** The clock of the span's start and end: a `ManualClock`. */
  readonly clock: Clock;
  /** Default: INTERNAL. */
  readonly kind?: SpanKind;
  /** The span that it belongs to, itself on trial. */
  readonly parent?: TrialSpan;
  readonly context?: Context;
}

/** A span that only an enricher sees. */
export interface TrialSpan extends StartedSpan {
  /**
   * Ends it with the attributes that the application gave it, and resolves to the attributes that would be exported:
   * those and the enricher's. An enricher may wait for a later sample, so advance the clock before you await.
   */
  end(attributes?: Attributes): Promise<Attributes>;
}

/**
 * Puts an enricher on trial: starts a span under it, now.
 *
 * @example
 * const span = trialSpan(spanEnergy(history, { clock }), { name: 'checkout', clock });
 * await clock.advanceMs(500);
 * const exported = span.end();
 * await clock.advanceMs(50); // the sample after the end
 * expect(await exported).toMatchObject({ 'benchlab.energy.system.joules': expect.closeTo(50, 6) });
 */
export function trialSpan(enricher: Enricher, options: TrialSpanOptions): TrialSpan {
  const { name, clock, parent, kind = SpanKind.INTERNAL, context = ROOT_CONTEXT } = options;
  const started: StartedSpan = {
    traceId: parent?.traceId ?? hex(16),
    spanId: hex(8),
    ...(parent && { parentSpanId: parent.spanId }),
    name,
    kind,
    startNs: clock.nowNs(),
  };
  const own: Attributes = {};
  enricher.spanStarted?.(attributesInto(own, started), context, started);
  return {
    ...started,
    async end(attributes = {}) {
      const given = { ...own, ...attributes };
      const span = { ...started, endNs: clock.nowNs(), uncertaintyNs: 0, attributes: given };
      return { ...(await enricher.spanEnded?.(span)), ...given };
    },
  };
}

/** A span that keeps the attributes that a hook sets, and ignores all other calls. */
function attributesInto(own: Attributes, { traceId, spanId }: StartedSpan): Span {
  const span = trace.wrapSpanContext({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });
  return Object.assign(span, {
    isRecording: () => true,
    setAttribute: (key: string, value: Attributes[string]) => {
      own[key] = value;
      return span;
    },
    setAttributes: (attributes: Attributes) => {
      Object.assign(own, attributes);
      return span;
    },
  });
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
