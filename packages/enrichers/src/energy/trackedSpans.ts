import type { Interval } from '@benchlab-otel/analysis';

/**
 * The spans that may share the bench with one that is still to be measured: the running, the waiting, and those
 * measured ones that overlap them. Bounded: beyond `max` the oldest is forgotten, and counted.
 */
export class TrackedSpans {
  forgotten = 0;
  readonly #max: number;
  readonly #spans = new Map<string, { interval: Interval; measured: boolean }>();

  constructor(max: number) {
    this.#max = max;
  }

  start(span: Omit<Interval, 'endNs'>): void {
    if (this.#spans.size >= this.#max) {
      const oldest = this.#spans.keys().next();
      if (!oldest.done) this.#spans.delete(oldest.value);
      this.forgotten++;
    }
    this.#spans.set(span.spanId, { interval: { ...span, endNs: Number.POSITIVE_INFINITY }, measured: false });
  }

  end(span: Interval): void {
    if (this.#spans.has(span.spanId)) this.#spans.set(span.spanId, { interval: span, measured: false });
  }

  /** The spans beside those given, while they are measured. */
  besides(spans: readonly Interval[]): Interval[] {
    const given = new Set(spans.map((span) => span.spanId));
    return [...this.#spans.values()].flatMap(({ interval }) => (given.has(interval.spanId) ? [] : interval));
  }

  /** The spans given are measured: each stays only while it overlaps one that is not. */
  release(spans: readonly Interval[]): void {
    for (const { spanId } of spans) {
      const entry = this.#spans.get(spanId);
      if (entry) entry.measured = true;
    }
    let earliestNs = Number.POSITIVE_INFINITY;
    for (const { interval, measured } of this.#spans.values()) {
      if (!measured) earliestNs = Math.min(earliestNs, interval.startNs);
    }
    for (const [id, { interval, measured }] of this.#spans) {
      if (measured && interval.endNs <= earliestNs) this.#spans.delete(id);
    }
  }
}
