import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

/** Spans that leave together. */
export interface SpanBatch {
  /** Counts up: a batch with a lower number was begun earlier. */
  readonly number: number;
  readonly spans: ReadableSpan[];
}

/** Ended spans that wait for their export, in batches, oldest first. Bounded: beyond `maxSpans` there is no room. */
export class SpanQueue {
  readonly #maxSpans: number;
  readonly #batchSize: number;
  readonly #full: SpanBatch[] = [];
  /** Where the oldest full batch is: what lies before is gone. */
  #head = 0;
  #filling: SpanBatch = { number: 0, spans: [] };
  #size = 0;

  constructor(maxSpans: number, batchSize: number) {
    this.#maxSpans = maxSpans;
    this.#batchSize = batchSize;
  }

  get size(): number {
    return this.#size;
  }

  get hasFullBatch(): boolean {
    return this.#head < this.#full.length;
  }

  /** Number of the newest batch that has a span. */
  get newest(): number {
    return this.#filling.spans.length > 0 ? this.#filling.number : this.#filling.number - 1;
  }

  /** Number of the oldest batch that has a span, where there is one. */
  get oldest(): number {
    return this.#full[this.#head]?.number ?? this.#filling.number;
  }

  /** False where there is no room. */
  add(span: ReadableSpan): boolean {
    if (this.#size >= this.#maxSpans) return false;
    this.#size += 1;
    this.#filling.spans.push(span);
    if (this.#filling.spans.length >= this.#batchSize) this.#close();
    return true;
  }

  /** The oldest full batch; where there is none, the one that is being filled if `partial` and it has any. */
  take(partial: boolean): SpanBatch | undefined {
    if (!this.hasFullBatch && partial && this.#filling.spans.length > 0) this.#close();
    const batch = this.#full[this.#head];
    if (batch === undefined) return undefined;
    this.#head += 1;
    this.#size -= batch.spans.length;
    // Cutting the front off at every batch would move all others each time.
    if (this.#head >= 64 && this.#head * 2 >= this.#full.length) {
      this.#full.splice(0, this.#head);
      this.#head = 0;
    }
    return batch;
  }

  #close(): void {
    this.#full.push(this.#filling);
    this.#filling = { number: this.#filling.number + 1, spans: [] };
  }
}
