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

/** The latest exemplars of one instrument: `perBucket` for each bucket, so that the frequent does not drive out the rare. */
export class RecentExemplars {
  readonly #bounds: readonly number[];
  readonly #perBucket: number;
  readonly #buckets: Bucket[] = [];

  constructor(bounds: readonly number[], perBucket: number) {
    this.#bounds = bounds;
    this.#perBucket = perBucket;
  }

  /** To be told of every recorded value; keeps it where a sampled span is active. */
  saw(value: number, attributes: Attributes = {}, within: Context = context.active()): void {
    const span = trace.getSpanContext(within);
    // What the SDK refuses to record is no exemplar either.
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
    // The sort keeps the order of those of one millisecond.
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
