import type { Clock } from '@benchlab-otel/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { Enrichment } from './enrichment.ts';

/** An ended span, what its enrichers have returned, and its place among the spans that wait for theirs. */
export class HeldSpan extends Enrichment {
  readonly span: ReadableSpan;
  deadlineNs = 0;
  isHeld = false;
  before: HeldSpan | undefined;
  after: HeldSpan | undefined;

  constructor(span: ReadableSpan) {
    super();
    this.span = span;
  }
}

export interface HeldSpansOptions {
  readonly clock: Clock;
  readonly maxHeld: number;
  readonly maxHoldMs: number;
  /** A span has waited `maxHoldMs`. It is no longer held. */
  readonly expired: (held: HeldSpan) => void;
}

/**
 * Spans that are held back, bounded in number and time. All wait for the same time, so the first in expires first: a list
 * that is linked through the spans themselves, because a map of objects hashes each of them.
 */
export class HeldSpans {
  readonly #options: HeldSpansOptions;
  #first: HeldSpan | undefined;
  #last: HeldSpan | undefined;
  #size = 0;
  #cancelTimer: (() => void) | undefined;
  #waiting: (() => void)[] = [];

  constructor(options: HeldSpansOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** False where there is no room. */
  add(held: HeldSpan): boolean {
    if (this.#size >= this.#options.maxHeld) return false;
    held.deadlineNs = this.#options.clock.nowNs() + this.#options.maxHoldMs * 1e6;
    held.isHeld = true;
    held.before = this.#last;
    if (this.#last === undefined) this.#first = held;
    else this.#last.after = held;
    this.#last = held;
    this.#size++;
    if (this.#cancelTimer === undefined) this.#arm();
    return true;
  }

  /** Releases a span. False where it is not held. */
  remove(held: HeldSpan): boolean {
    if (!held.isHeld) return false;
    held.isHeld = false;
    if (held.before === undefined) this.#first = held.after;
    else held.before.after = held.after;
    if (held.after === undefined) this.#last = held.before;
    else held.after.before = held.before;
    held.before = undefined;
    held.after = undefined;
    this.#size--;
    if (this.#size === 0) this.#emptied();
    return true;
  }

  /** Resolves when nothing is held: after `maxHoldMs` at the latest, unless spans keep ending. */
  empty(): Promise<void> {
    if (this.#size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** All spans that are held now expire. */
  expireAll(): void {
    this.#expireUntil(Number.POSITIVE_INFINITY);
  }

  /** Spans that are added meanwhile are not among those that expire. */
  #expireUntil(nowNs: number): void {
    const expired: HeldSpan[] = [];
    for (let held = this.#first; held !== undefined && held.deadlineNs <= nowNs; held = held.after) expired.push(held);
    for (const held of expired) if (this.remove(held)) this.#options.expired(held);
  }

  /** One timer, for the oldest. */
  #arm(): void {
    if (this.#first === undefined || this.#cancelTimer) return;
    this.#cancelTimer = this.#options.clock.at(this.#first.deadlineNs, () => {
      this.#cancelTimer = undefined;
      this.#expireUntil(this.#options.clock.nowNs());
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
