import type { SampleHistory, Source } from '@benchlab-otel/core';
import { meterReaders } from './meterReader.ts';
import { roleMeters } from './roleMeters.ts';
import { Settlement, type SettlementOptions } from './settlement/settlement.ts';
import type { SpanAccount } from './settlement/spanAccount.ts';
import type { Interval } from './settlement/weights.ts';
import { type SpanEnergy, spanEnergyOf } from './spanEnergy.ts';

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
  options: Omit<SettlementOptions, 'maxSpans'> = {},
): (SpanEnergy | undefined)[] {
  const fromNs = spans.reduce((earliest, { startNs }) => Math.min(earliest, startNs), Number.POSITIVE_INFINITY);
  const untilNs = spans.reduce((latest, { endNs }) => Math.max(latest, endNs), Number.NEGATIVE_INFINITY);
  const meters = roleMeters(history);
  const measured = meterReaders(history, meters, options).map((reader) => ({
    reader,
    // Edges are known from the samples after a span, and from a window that a mean reaches over.
    intervals: reader.intervals(
      fromNs,
      untilNs + reader.meter.smearNs + (reader.meter.isMean ? reader.meter.periodNs : 0),
    ),
  }));
  const intervals = measured
    .flatMap(({ reader, intervals }) => intervals.map((interval) => ({ reader, interval })))
    .sort((a, b) => a.interval.toNs - b.interval.toNs);
  if (intervals.length === 0) return spans.map(() => undefined);
  const accounts = new Map<string, SpanAccount>();
  const settlement = new Settlement({ ...options, maxSpans: Number.POSITIVE_INFINITY });
  const settle = (nowNs: number) => {
    for (const account of settlement.settle(nowNs)) accounts.set(account.spanId, account);
  };
  const waiting = inOrder([...spans, ...others]);
  let next = 0;
  for (const { reader, interval } of intervals) {
    // Spans join when time reaches them, so that an interval looks at those alive only.
    for (; next < waiting.length && (waiting[next]?.joinsNs ?? 0) < interval.toNs; next++) {
      const span = waiting[next]?.span;
      if (span === undefined) continue;
      settlement.start(span, 0);
      settlement.end(span, uncertaintyOf(span));
    }
    settlement.add(interval, reader.meter.source.id, reader.meter.leastNs);
    settle(interval.toNs);
  }
  settle(Number.POSITIVE_INFINITY);
  const readers = new Map(measured.map(({ reader }) => [settlement.numberOf(reader.meter.source.id), reader.meter]));
  return spans.map(({ spanId }) => {
    const account = accounts.get(spanId) ?? settlement.close(spanId);
    return account && spanEnergyOf(account, (number) => readers.get(number));
  });
}

/**
 * The meter that operations are measured with: the first one on the direct-current rails, else the first one of all.
 * Meters are never added up: two boundaries overlap, and two boards are two hosts.
 */
export function meterOf(history: SampleHistory): Source | undefined {
  return history.sources.find((source) => source.boundary === 'dc_rails') ?? history.sources[0];
}

function uncertaintyOf(span: Interval & { readonly uncertaintyNs?: number }): number {
  return span.uncertaintyNs ?? 0;
}

interface Joining {
  readonly span: Interval;
  /** When it joins the settlement, ns: at its start, and not before the span that it is part of. */
  readonly joinsNs: number;
  readonly depth: number;
}

/**
 * In the order in which they join: a part never before its parent, also where rounded times say that it started first.
 */
function inOrder(spans: readonly Interval[]): readonly Joining[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const joining = new Map<Interval, Joining>();
  for (const each of spans) {
    const path: Interval[] = [];
    const seen = new Set<Interval>();
    let at: Interval | undefined = each;
    // A cycle of parents ends at the first span that is met again.
    while (at !== undefined && !joining.has(at) && !seen.has(at)) {
      seen.add(at);
      path.push(at);
      at = at.parentSpanId === undefined ? undefined : byId.get(at.parentSpanId);
    }
    let above = at && joining.get(at);
    for (const span of path.reverse()) {
      const joinsNs = Math.max(span.startNs, above?.joinsNs ?? span.startNs);
      above = { span, joinsNs, depth: above === undefined ? 0 : above.depth + 1 };
      joining.set(span, above);
    }
  }
  return [...joining.values()].sort((a, b) => a.joinsNs - b.joinsNs || a.depth - b.depth);
}
