const nsPerSecond = 1e9;
/** No processor package draws more (the largest are built for 500 W): a step that needs more power is a restart, not a wrap. */
const maxWatts = 2000;

/**
 * Turns an energy counter that wraps into joules that only rise. It starts at 0 with the first reading. A counter that
 * started again (a reloaded driver, a host that slept) adds nothing for that step. A silence in which the counter may have
 * wrapped more than once adds nothing either.
 */
export class EnergyCounter {
  joules = 0;
  readonly #range: number;
  readonly #countsPerJoule: number;
  #before: { readonly raw: number; readonly timeNs: number } | undefined;

  /** @param range the count at which it wraps to 0 */
  constructor(range: number, countsPerJoule: number) {
    this.#range = range;
    this.#countsPerJoule = countsPerJoule;
  }

  /** Takes a reading. Returns the mean power since the one before, in watts; undefined when that is not known. */
  add(raw: number, timeNs: number): number | undefined {
    const before = this.#before;
    this.#before = { raw, timeNs };
    if (before === undefined || timeNs <= before.timeNs) return undefined;
    const seconds = (timeNs - before.timeNs) / nsPerSecond;
    if (seconds * maxWatts * this.#countsPerJoule > this.#range) return undefined;
    const step = raw - before.raw;
    const joules = (step < 0 ? step + this.#range : step) / this.#countsPerJoule;
    const watts = joules / seconds;
    // Still below 0: the counter was beyond its own range.
    if (joules < 0 || watts > maxWatts) return undefined;
    this.joules += joules;
    return watts;
  }
}
