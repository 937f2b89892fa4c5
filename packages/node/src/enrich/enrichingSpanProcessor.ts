import { type Clock, type Enricher, metric, type SelfCount, systemClock } from '@benchlab-otel/core';
import { type JudgeSpan, judgeSpans } from '@benchlab-otel/sdk';
import { type Context, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { correlationIdName, correlationOf } from './correlation.ts';
import { enrichedSpan } from './enrichedSpan.ts';
import { EnricherChain } from './enricherChain.ts';
import { HeldSpan, HeldSpans } from './heldSpans.ts';
import { endedSpan, type TimedStart, timedStart } from './spanTimes.ts';

export interface EnrichingSpanProcessorOptions {
  readonly enrichers: readonly Enricher[] | EnricherChain;
  readonly clock?: Clock;
  /** Ended spans that may wait for their enrichers; further ones are exported without. 4,096 unless set. */
  readonly maxHeldSpans?: number;
  /** Milliseconds that an ended span waits for its enrichers. 5,000 unless set. */
  readonly maxHoldMs?: number;
}

/**
 * Runs enrichers over sampled spans and passes the spans to `inner`. While an enricher's promise is pending, the span is
 * held back; at the bounds it is passed without the missing attributes and counted. A span that judges the work of another
 * one without naming it is marked.
 */
export class EnrichingSpanProcessor implements SpanProcessor {
  /** Spans passed to `inner`. */
  passed = 0;
  /** Those of them that were passed before all their enrichers had answered. */
  passedWithout = 0;
  readonly #inner: SpanProcessor;
  readonly #chain: EnricherChain;
  readonly #clock: Clock;
  readonly #held: HeldSpans;
  // On the span itself, by a key of this processor: an entry of a WeakMap costs more than the rest of the start.
  readonly #startKey = Symbol('start');
  readonly #judge: JudgeSpan = judgeSpans();
  #isShutdown = false;

  constructor(inner: SpanProcessor, options: EnrichingSpanProcessorOptions) {
    const { enrichers, clock = systemClock, maxHeldSpans = 4096, maxHoldMs = 5000 } = options;
    this.#inner = inner;
    this.#chain = enrichers instanceof EnricherChain ? enrichers : new EnricherChain(enrichers);
    this.#clock = clock;
    this.#held = new HeldSpans({ clock, maxHeld: maxHeldSpans, maxHoldMs, expired: (held) => this.#passWithout(held) });
  }

  /** Ended spans that wait for their enrichers. */
  get held(): number {
    return this.#held.size;
  }

  counts(): readonly SelfCount[] {
    return [{ definition: metric.benchlabSpansUnfinished, value: this.passedWithout }];
  }

  onStart(span: Span, parent: Context): void {
    this.#inner.onStart(span, parent);
    const run = correlationOf(parent);
    if (run !== undefined) span.setAttribute(correlationIdName, run.id);
    if (this.#chain.isEmpty || this.#isShutdown || !isSampled(span)) return;
    // The SDK takes a span's start from Date.now(). Comparing with Date.now() here is the only way to detect a start time
    // that the application passed.
    const start = timedStart(span, this.#clock.nowNs(), Date.now());
    timed(span)[this.#startKey] = start;
    this.#chain.spanStarted(span, parent, start.started);
  }

  onEnd(span: ReadableSpan): void {
    if (this.#isShutdown || !isSampled(span)) return;
    const start = timed(span)[this.#startKey];
    if (start === undefined) {
      this.#pass(span);
      return;
    }
    const ended = endedSpan(span, start, this.#clock.nowNs());
    const held = this.#chain.spanEnded(ended, this.#release, new HeldSpan(span));
    if (held.waiting === 0) this.#pass(enrichedSpan(span, held.parts));
    else if (!this.#held.add(held)) this.#passUnfinished(held);
  }

  /** Waits until the enrichers have answered or the hold has ended. */
  settled(): Promise<void> {
    return this.#held.empty();
  }

  async forceFlush(): Promise<void> {
    await this.settled();
    await this.#inner.forceFlush();
  }

  /** Passes the spans that are still held without the missing attributes. To wait for them, call `settled()` before. */
  async shutdown(): Promise<void> {
    this.#held.expireAll();
    this.#isShutdown = true;
    await Promise.all([this.#chain.shutdown(), this.#inner.shutdown()]);
  }

  // One function for all spans.
  readonly #release = (held: HeldSpan): void => {
    if (this.#held.remove(held)) this.#pass(enrichedSpan(held.span, held.parts));
  };

  #passWithout(held: HeldSpan): void {
    this.#chain.gaveUpOn(held);
    this.#passUnfinished(held);
  }

  #passUnfinished(held: HeldSpan): void {
    this.passedWithout++;
    this.#pass(enrichedSpan(held.span, held.parts));
  }

  #pass(span: ReadableSpan): void {
    this.passed++;
    // After the enrichers, which may know what the span judges.
    const lack = this.#judge(span.name, span.attributes);
    this.#inner.onEnd(lack === undefined ? span : enrichedSpan(span, [lack]));
  }
}

/** Any object may have symbols. Those that a processor makes hold its starts. */
function timed(span: object): { [key: symbol]: TimedStart | undefined } {
  return span as { [key: symbol]: TimedStart | undefined };
}

function isSampled(span: ReadableSpan): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}
