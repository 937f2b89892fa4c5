import type { StageConsumer } from '@benchlab-otel/core';

/** At most so often is a consumer told, ns. */
const reportEveryNs = 1e9;

/** Counts what was refused, and tells of it: the first at once, further ones at most each second, the sum at the end. */
export class Rejections {
  readonly #source: string;
  readonly #consumer: StageConsumer;
  readonly #nowNs: () => number;
  #count = 0;
  #told = 0;
  #toldNs = Number.NEGATIVE_INFINITY;
  #reason = '';

  constructor(source: string, consumer: StageConsumer, nowNs: () => number) {
    this.#source = source;
    this.#consumer = consumer;
    this.#nowNs = nowNs;
  }

  add(reason: string, count = 1): void {
    this.#count += count;
    this.#reason = reason;
    if (this.#nowNs() - this.#toldNs >= reportEveryNs) this.tell();
  }

  /** Tells what has not been told yet. */
  tell(): void {
    if (this.#told === this.#count) return;
    this.#told = this.#count;
    this.#toldNs = this.#nowNs();
    this.#consumer.rejected?.({ source: this.#source, reason: this.#reason, count: this.#count });
  }
}
