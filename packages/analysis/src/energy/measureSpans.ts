import type { SampleHistory, Source } from '@benchlab-otel/core';
import { energyOf, type SpanEnergy } from './energy.ts';
import { type Interval, sharesOf } from './shares.ts';

/** What `measureSpans` needs to know of a span. An `EndedSpan` is one. */
export interface MeasurableSpan extends Interval {
  /** How far `startNs` and `endNs` may each be off, ns. */
  readonly uncertaintyNs: number;
}

/**
 * Energy of spans from measured power, in their order; undefined where nothing was measured.
 *
 * @param others spans that shared the bench with them, running ones included (`endNs` Infinity)
 *
 * @example const [energy] = measureSpans([span], history); energy?.roles.system?.joules
 */
export function measureSpans(
  spans: readonly MeasurableSpan[],
  history: SampleHistory,
  others: readonly Interval[] = [],
): (SpanEnergy | undefined)[] {
  const source = meterOf(history);
  if (source === undefined) return spans.map(() => undefined);
  const shares = sharesOf([...spans, ...others], new Set(spans.map((span) => span.spanId)));
  return spans.map((span) => {
    const window = history.window(source.id, span.startNs, span.endNs);
    return window && energyOf(window, span, shares.get(span.spanId) ?? []);
  });
}

/**
 * The meter that operations are measured with: the first one on the direct-current rails, else the first one of all.
 * Meters are never added up: two boundaries overlap, and two boards are two hosts.
 */
export function meterOf(history: SampleHistory): Source | undefined {
  return history.sources.find((source) => source.boundary === 'dc_rails') ?? history.sources[0];
}
