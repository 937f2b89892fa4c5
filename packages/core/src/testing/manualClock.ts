import type { Clock, ClockAnchor } from '../contracts/clock.ts';

/**
 * Time that moves only when a test says so.
 *
 * @example
 * const clock = new ManualClock();
 * clock.at(clock.nowNs() + 50e6, () => calls++);
 * await clock.advanceMs(50); // calls is 1
 */
export class ManualClock implements Clock {
  #nowNs: number;
  readonly #epochOffsetNs: bigint;
  readonly #timers: { readonly timeNs: number; readonly task: () => void }[] = [];

  constructor(startNs = 1_000_000_000, epochNs = 1_700_000_000_000_000_000n) {
    this.#nowNs = startNs;
    this.#epochOffsetNs = epochNs - BigInt(startNs);
  }

  nowNs(): number {
    return this.#nowNs;
  }

  anchor(): ClockAnchor {
    return {
      timeNs: this.#nowNs,
      epochNs: this.#epochOffsetNs + BigInt(Math.round(this.#nowNs)),
      uncertaintyNs: 0,
    };
  }

  at(timeNs: number, task: () => void): () => void {
    const timer = { timeNs, task };
    // After those of the same instant: first come, first served.
    const later = this.#timers.findIndex((other) => other.timeNs > timeNs);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index !== -1) this.#timers.splice(index, 1);
    };
  }

  /** Tasks that wait: 0 when everything under test has cleaned up. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Moves time on without running a task, as a blocked event loop does. */
  jumpMs(ms: number): void {
    this.#nowNs += ms * 1e6;
  }

  /** Moves time on, running each task at its time and letting promises settle before and after each. */
  async advanceMs(ms: number): Promise<void> {
    const untilNs = this.#nowNs + ms * 1e6;
    await settled();
    for (let next = this.#timers[0]; next && next.timeNs <= untilNs; next = this.#timers[0]) {
      this.#timers.shift();
      this.#nowNs = Math.max(this.#nowNs, next.timeNs);
      next.task();
      await settled();
    }
    this.#nowNs = Math.max(this.#nowNs, untilNs);
  }
}

/** One turn of the event loop: every promise that can settle has. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
