import { type Attributes, type Context, context, TraceFlags, trace } from '@opentelemetry/api';

/** A recorded value and the sampled span that it was recorded in. */
export interface Exemplar {
  readonly value: number;
  readonly attributes: Attributes;
  readonly traceId: string;
  readonly spanId: string;
  /** Since 1970. */
  readonly timeMs: number;
}

interface Bucket {
  readonly exemplars: Exemplar[];
  next: number;
}

/** The latest exemplars of one instrument: `perBucket` for each bucket, so that frequent values do not displace rare ones. */
export class RecentExemplars {
  readonly #bounds: readonly number[];
  readonly #perBucket: number;
  readonly #buckets: Bucket[] = [];

  constructor(bounds: readonly number[], perBucket: number) {
    this.#bounds = bounds;
    this.#perBucket = perBucket;
  }

  /** Call it for every recorded value; it keeps the value where a sampled span is active. */
  saw(value: number, attributes: Attributes = {}, within: Context = context.active()): void {
    const span = trace.getSpanContext(within);
    // A value that the SDK refuses to record must not become an exemplar.
    if (span === undefined || (span.traceFlags & TraceFlags.SAMPLED) === 0 || !(value >= 0)) return;
    const bucket = this.#bucketOf(value);
    const { traceId, spanId } = span;
    bucket.exemplars[bucket.next] = { value, attributes, traceId, spanId, timeMs: Date.now() };
    bucket.next = (bucket.next + 1) % this.#perBucket;
  }

  newestFirst(): readonly Exemplar[] {
    const oldestFirst = this.#buckets.flatMap(({ exemplars, next }) => [
      ...exemplars.slice(next),
      ...exemplars.slice(0, next),
    ]);
    // The sort is stable: exemplars of the same millisecond keep their order.
    return oldestFirst.reverse().sort((a, b) => b.timeMs - a.timeMs);
  }

  #bucketOf(value: number): Bucket {
    const above = this.#bounds.findIndex((bound) => value <= bound);
    const index = above < 0 ? this.#bounds.length : above;
    const bucket = this.#buckets[index] ?? { exemplars: [], next: 0 };
    this.#buckets[index] = bucket;
    return bucket;
  }
}
