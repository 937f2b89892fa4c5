/** Points between two looks at the clock: 32 of the dearest kind take half a millisecond. */
const stepsPerLook = 32;

/** Says when a long piece of work has held up the application for long enough. */
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

  /** To be asked at every step. */
  isOver(): boolean {
    this.#steps += 1;
    return this.#steps % stepsPerLook === 0 && this.isSpent();
  }

  /** The same, looking at the clock each time. */
  isSpent(): boolean {
    return this.#nowMs() - this.#startMs >= this.#sliceMs;
  }

  /** Others had their turn. */
  restart(): void {
    this.#startMs = this.#nowMs();
  }
}
