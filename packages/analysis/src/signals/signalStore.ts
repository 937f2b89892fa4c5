import type { Clock } from '@benchlab-otel/core';
import { countLogRecords, countMetrics, decodeSpans, type ReceivedSpan } from './decodeSpans.ts';

/** The three services of OTLP. */
export type SignalName = 'traces' | 'metrics' | 'logs';

/** How much of everything arrived. */
export interface Received {
  /** Requests that were taken. */
  readonly requests: number;
  /** Requests that were refused: malformed, too large, of an unknown kind. */
  readonly refusedRequests: number;
  /** Spans that are kept. */
  readonly spans: number;
  /** Spans beyond the bound: counted, not kept. */
  readonly droppedSpans: number;
  /** Spans without an id or a usable time. */
  readonly invalidSpans: number;
  /** Spans that were there already: an exporter that got no answer in time sends its request again. */
  readonly repeatedSpans: number;
  readonly metrics: number;
  readonly logRecords: number;
}

/** Spans kept: 200,000 are about 60 MB. */
const MAX_SPANS = 200_000;

/** Where received signals end up: spans are kept up to a bound, metrics and log records are counted. */
export class SignalStore {
  readonly spans: ReceivedSpan[] = [];
  readonly #clock: Clock;
  readonly #maxSpans: number;
  readonly #onSpans: (spans: readonly ReceivedSpan[]) => void;
  // Every request repeats the same few names; keeping one string for each saves most of a span's memory.
  readonly #names = new Map<string, string>();
  readonly #spanIds = new Set<string>();
  #requests = 0;
  #refusedRequests = 0;
  #droppedSpans = 0;
  #invalidSpans = 0;
  #repeatedSpans = 0;
  #metrics = 0;
  #logRecords = 0;
  #lastActivityNs: number;

  constructor(options: { clock: Clock; maxSpans?: number; onSpans?: (spans: readonly ReceivedSpan[]) => void }) {
    this.#clock = options.clock;
    this.#maxSpans = options.maxSpans ?? MAX_SPANS;
    this.#onSpans = options.onSpans ?? (() => undefined);
    this.#lastActivityNs = options.clock.nowNs();
  }

  /** Takes a decoded request. Throws a TypeError when it is not one, and takes nothing of it. */
  accept(signal: SignalName, request: unknown): void {
    if (signal === 'metrics') this.#metrics += countMetrics(request);
    else if (signal === 'logs') this.#logRecords += countLogRecords(request);
    else this.#acceptSpans(request);
    this.#requests++;
    this.active();
  }

  refuse(): void {
    this.#refusedRequests++;
    this.active();
  }

  /** Something came in: a connection, bytes, a request. */
  active(): void {
    this.#lastActivityNs = this.#clock.nowNs();
  }

  /** CLOCK_MONOTONIC of the latest sign of life from a sender. */
  get lastActivityNs(): number {
    return this.#lastActivityNs;
  }

  get received(): Received {
    return {
      requests: this.#requests,
      refusedRequests: this.#refusedRequests,
      spans: this.spans.length,
      droppedSpans: this.#droppedSpans,
      invalidSpans: this.#invalidSpans,
      repeatedSpans: this.#repeatedSpans,
      metrics: this.#metrics,
      logRecords: this.#logRecords,
    };
  }

  #acceptSpans(request: unknown): void {
    const { spans, invalid } = decodeSpans(request, this.#clock.anchor());
    this.#invalidSpans += invalid;
    const kept: ReceivedSpan[] = [];
    for (const span of spans) {
      if (this.#spanIds.has(span.spanId)) this.#repeatedSpans++;
      else if (this.spans.length >= this.#maxSpans) this.#droppedSpans++;
      else {
        const known = { ...span, name: this.#nameOf(span.name) };
        this.#spanIds.add(span.spanId);
        this.spans.push(known);
        kept.push(known);
      }
    }
    if (kept.length > 0) this.#onSpans(kept);
  }

  #nameOf(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    if (this.#names.size < MAX_NAMES) this.#names.set(name, name);
    return name;
  }
}

const MAX_NAMES = 10_000;
