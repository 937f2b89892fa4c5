const nsPerS = 1e9;

/**
 * The energy of one power sensor: the trapezoid between its consecutive readings.
 *
 * `joules` never falls, as a counter must not. An interval whose energy is below zero (the offset of a shunt at no
 * load) is not cut to zero in silence: it is counted in `negativeJoules`, and the true balance is the difference.
 */
export class EnergyIntegral {
  /** When both counters were 0, ns. */
  readonly startNs: number;
  joules = 0;
  negativeJoules = 0;
  #lastNs: number;
  #lastWatts: number;
  #isInterrupted = false;

  constructor(timeNs: number, watts: number) {
    this.startNs = timeNs;
    this.#lastNs = timeNs;
    this.#lastWatts = watts;
  }

  /** Counts the energy since the last reading. Returns the ns that could not be counted: the whole interval or 0. */
  add(timeNs: number, watts: number, gapLimitNs: number): number {
    const intervalNs = timeNs - this.#lastNs;
    if (intervalNs <= 0) return 0;
    const joules = (((this.#lastWatts + watts) / 2) * intervalNs) / nsPerS;
    const isGap = this.#isInterrupted || intervalNs > gapLimitNs;
    this.#isInterrupted = false;
    this.#lastNs = timeNs;
    this.#lastWatts = watts;
    if (isGap) return intervalNs;
    if (joules >= 0) this.joules += joules;
    else this.negativeJoules -= joules;
    return 0;
  }

  /** The device was lost: what happened until its next reading is unknown, however soon that comes. */
  interrupt(): void {
    this.#isInterrupted = true;
  }
}
