import type { Attributes } from '@opentelemetry/api';

/** The life of one operation, and the operation that it is part of. */
export interface Interval {
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** CLOCK_MONOTONIC, ns. */
  readonly startNs: number;
  /** `Infinity` while it runs. */
  readonly endNs: number;
  /** Those of the span once it has ended. */
  readonly attributes?: Readonly<Attributes>;
}

/** By what the spans that are alive in an interval divide it. Without weights they divide it equally. */
export interface SpanWeights {
  /** As `benchlab.energy.weights` reports it: `cpu_time`. */
  readonly name: string;
  /** The weight of a span is known when it has ended, not before: intervals wait for the spans alive in them. */
  readonly isKnownAtEnd?: boolean;
  /**
   * The weight of a span itself, without the spans below it, between two instants of its life, in any unit: seconds on
   * the CPU, tokens. Undefined where it is not known. Called once for each interval, in the order of time.
   */
  between(span: Interval, fromNs: number, toNs: number): number | undefined;
  /**
   * The part of the host's work that this process did between two instants, 0 to 1: the rest belongs to strangers, and
   * goes to unattributed. Undefined where it is not known.
   */
  ownShare?(fromNs: number, toNs: number): number | undefined;
}
