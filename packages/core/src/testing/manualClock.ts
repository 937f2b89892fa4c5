import type { Clock, ClockAnchor } from '../contracts/clock.ts';

/**
 * Time that moves only when a test advances it.
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
    // After the tasks of the same instant: they run in the order in which they were added.
    const later = this.#timers.findIndex((other) => other.timeNs > timeNs);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index !== -1) this.#timers.splice(index, 1);
    };
  }

  /** The number of waiting tasks: 0 when the code under test has cleaned up. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Advances time without running a task, like a blocked event loop. */
  jumpMs(ms: number): void {
    this.#nowNs += ms * 1e6;
  }

  /** Advances time; runs each task at its time, and lets promises settle before and after each. */
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

/** One turn of the event loop, in which every promise that can settle does. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
