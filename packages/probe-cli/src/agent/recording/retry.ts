import type { Clock } from '@benchlab-otel/core';

/** One task that is due later, at an interval that doubles with each failure. */
export class Retry {
  readonly #clock: Clock;
  readonly #firstNs: number;
  readonly #longestNs: number;
  #waitNs: number;
  #cancel = (): void => undefined;

  constructor(clock: Clock, { firstNs, longestNs }: { readonly firstNs: number; readonly longestNs: number }) {
    this.#clock = clock;
    this.#firstNs = firstNs;
    this.#longestNs = longestNs;
    this.#waitNs = firstNs;
  }

  /** It failed: runs `task` after the interval, which doubles. */
  again(task: () => void): void {
    this.after(this.#waitNs, task);
    this.#waitNs = Math.min(this.#waitNs * 2, this.#longestNs);
  }

  /** It succeeded: the next failure waits for the first interval. */
  succeeded(): void {
    this.#waitNs = this.#firstNs;
  }

  /** Runs `task` after this time, in the place of what was due. */
  after(waitNs: number, task: () => void): void {
    this.#cancel();
    this.#cancel = this.#clock.at(this.#clock.nowNs() + waitNs, task, { background: true });
  }

  cancel(): void {
    this.#cancel();
  }
}
