import { createReport } from '@benchlab-otel/core';
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

/** An operation that runs. */
export type StartedInterval = Omit<Interval, 'endNs' | 'attributes'>;

/** By what the spans that are alive in an interval divide it. Without weights they divide it equally. */
export interface SpanWeights {
  /** As `benchlab.energy.weights` reports it: `cpu_time`. */
  readonly name: string;
  /** Weights are known when a span has ended, not before: intervals wait for the spans alive in them. */
  readonly isKnownAtEnd?: boolean;
  /**
   * The weight of a span itself since its start, without the spans below it, in any unit: seconds on the CPU, tokens.
   * Where weights are known while spans run, it is asked for after each interval and what it grew by counts; else it is
   * spread evenly over the life of the span. Undefined where it is not known.
   */
  selfOf(span: Interval): number | undefined;
  /**
   * The part of the host's work that this process did between two instants, 0 to 1: the rest belongs to strangers, and
   * goes to unattributed. Undefined where it is not known.
   */
  ownShare?(fromNs: number, toNs: number): number | undefined;
}

const report = createReport('weights of spans');
/** Beyond this a double no longer counts single units, so it is not a count of anything; and sums stay finite. */
const maxWeight = Number.MAX_SAFE_INTEGER;

/** Whether a value can be a weight: not one that is negative, not a number, or beyond any count. */
export function isWeight(value: number | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= maxWeight;
}

/** The weight of a span; undefined where the application's function throws, which is reported. */
export function weightOf(weights: SpanWeights, span: Interval): number | undefined {
  try {
    return weights.selfOf(span);
  } catch (error) {
    report(`'${weights.name}' failed, so shares are equal.`, error);
    return undefined;
  }
}

/** What this process did of the work of the host, 0 to 1; all of it where that is not known or is not a share. */
export function ownShareOf(weights: SpanWeights | undefined, fromNs: number, toNs: number): number {
  try {
    const share = weights?.ownShare?.(fromNs, toNs) ?? 1;
    return share >= 0 && share <= 1 ? share : 1;
  } catch (error) {
    report(`the share of this process failed, so it counts as the whole.`, error);
    return 1;
  }
}
