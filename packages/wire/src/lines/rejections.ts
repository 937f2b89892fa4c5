import { createGuard, type Guard } from './guard.ts';
import type { LineConsumer } from './lineSource.ts';

/** Minimum time between two reports, ns. */
const reportEveryNs = 1e9;

/**
 * Counts what was refused and reports it: the first at once, further ones at most once a second, the sum at the end. A
 * consumer that throws at a report is reported through `diag`.
 */
export class Rejections {
  readonly #source: string;
  readonly #consumer: Pick<LineConsumer, 'rejected'>;
  readonly #nowNs: () => number;
  readonly #guard: Guard;
  #count = 0;
  #reported = 0;
  #reportedNs = Number.NEGATIVE_INFINITY;
  #reason = '';

  constructor(source: string, consumer: Pick<LineConsumer, 'rejected'>, nowNs: () => number) {
    this.#source = source;
    this.#consumer = consumer;
    this.#nowNs = nowNs;
    this.#guard = createGuard(source);
  }

  add(reason: string): void {
    this.#count += 1;
    this.#reason = reason;
    if (this.#nowNs() - this.#reportedNs >= reportEveryNs) this.report();
  }

  /** Reports what was not reported yet. */
  report(): void {
    if (this.#reported === this.#count) return;
    this.#reported = this.#count;
    this.#reportedNs = this.#nowNs();
    const report = { source: this.#source, reason: this.#reason, count: this.#count };
    this.#guard('rejected', () => this.#consumer.rejected?.(report));
  }
}
