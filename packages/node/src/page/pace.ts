/** Points between two readings of the clock: 32 of the most expensive kind take half a millisecond. */
const stepsPerReading = 32;

/** Measures how long a piece of work has blocked the application, so that it can pause in time. */
export class Pace {
  readonly #sliceMs: number;
  readonly #nowMs: () => number;
  #startMs: number;
  #steps = 0;

  constructor(sliceMs = 4, nowMs: () => number = () => performance.now()) {
    this.#sliceMs = sliceMs;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  /** True when the slice is over. Call it at every step: it reads the clock at every 32nd call. */
  isOver(): boolean {
    this.#steps += 1;
    return this.#steps % stepsPerReading === 0 && this.isSpent();
  }

  /** The same, but it reads the clock at each call. */
  isSpent(): boolean {
    return this.#nowMs() - this.#startMs >= this.#sliceMs;
  }

  /** Begins a new slice, after other work has run. */
  restart(): void {
    this.#startMs = this.#nowMs();
  }
}
