import type { Clock } from '@benchlab-otel/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { Enrichment } from './enricherChain.ts';

/** An ended span that waits for the promises of its enrichers. */
export interface HeldSpan {
  readonly span: ReadableSpan;
  readonly enrichment: Enrichment;
}

export interface HeldSpansOptions {
  readonly clock: Clock;
  readonly maxHeld: number;
  readonly maxHoldMs: number;
  /** A span has waited `maxHoldMs`. It is no longer held. */
  readonly expired: (held: HeldSpan) => void;
}

/** Spans that are held back, bounded in number and time. All wait for the same time, so the first in expires first. */
export class HeldSpans {
  readonly #options: HeldSpansOptions;
  readonly #deadlines = new Map<HeldSpan, number>();
  #cancelTimer: (() => void) | undefined;
  #waiting: (() => void)[] = [];

  constructor(options: HeldSpansOptions) {
    this.#options = options;
  }

  /** False where there is no room. */
  add(held: HeldSpan): boolean {
    if (this.#deadlines.size >= this.#options.maxHeld) return false;
    this.#deadlines.set(held, this.#options.clock.nowNs() + this.#options.maxHoldMs * 1e6);
    this.#arm();
    return true;
  }

  /** Releases a span. False where it is not held. */
  remove(held: HeldSpan): boolean {
    if (!this.#deadlines.delete(held)) return false;
    if (this.#deadlines.size === 0) this.#emptied();
    return true;
  }

  /** Resolves when nothing is held: after `maxHoldMs` at the latest, unless spans keep ending. */
  empty(): Promise<void> {
    if (this.#deadlines.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** All held spans expire now. */
  expireAll(): void {
    for (const held of [...this.#deadlines.keys()]) this.#expire(held);
  }

  #expire(held: HeldSpan): void {
    if (this.remove(held)) this.#options.expired(held);
  }

  /** One timer, for the oldest. */
  #arm(): void {
    const [oldest] = this.#deadlines.values();
    if (oldest === undefined || this.#cancelTimer) return;
    this.#cancelTimer = this.#options.clock.at(oldest, () => {
      this.#cancelTimer = undefined;
      const nowNs = this.#options.clock.nowNs();
      for (const [held, deadlineNs] of [...this.#deadlines]) {
        if (deadlineNs > nowNs) break;
        this.#expire(held);
      }
      this.#arm();
    });
  }

  #emptied(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
