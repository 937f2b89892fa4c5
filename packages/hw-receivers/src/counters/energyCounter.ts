const nsPerSecond = 1e9;
/** Intervals whose power shows what is usual. */
const remembered = 10;
/** A leap is at least this many times the largest usual power, and at least this many watts. */
const leap = { times: 3, watts: 50 } as const;
/** Before the usual power is known: processors are built for 500 W at most. */
const firstLeapWatts = 500;

export interface EnergyCounterOptions {
  readonly countsPerJoule: number;
  /** More than this is not possible: such a step is a restart, not energy. */
  readonly mostWatts: number;
  /** The count at which it wraps to 0. Absent: it never wraps. */
  readonly range?: number;
  /** Joules at the first reading. Default 0. */
  readonly startJoules?: number;
  /** Where the same counter stood when it was read before: its energy since then counts. */
  readonly from?: EnergyMark;
  /**
   * Some counters leap forth and back, or back and forth, within a reading: a leap counts once the reading after it has not
   * gone back, and a step back is a restart once the reading after it has not gone forth. What lasts for two readings is
   * what a load and a restart look like too: then a leap is energy.
   */
  readonly holdsLeaps?: boolean;
}

/** Where a counter stands: plain data, for another thread. */
export interface EnergyMark {
  readonly raw: number;
  readonly timeNs: number;
  readonly joules: number;
  readonly hasMoved: boolean;
}

/** What a reading brought: the mean power over `seconds`, or why it is not known. */
export type EnergyStep =
  | { readonly kind: 'power'; readonly watts: number }
  /** A leap or a step back that may be taken back: the reading after it decides. Nothing is lost. */
  | { readonly kind: 'held' }
  /** It was not energy: a restart, an impossible step, a leap forth and back or back and forth. */
  | { readonly kind: 'rejected' }
  /** The first reading, or a silence in which the counter may have wrapped more than once. */
  | { readonly kind: 'unknown' };

interface Counted {
  readonly raw: number;
  readonly timeNs: number;
}

/**
 * Turns an energy counter into joules that only rise. A counter that started again (a reloaded driver, a host that slept)
 * adds nothing for that step, and neither does a step that is more than possible, or a leap that goes back.
 */
export class EnergyCounter {
  joules: number;
  /** It has counted since it was first read. One that never does (a virtual machine answers 0) measures nothing. */
  hasMoved = false;
  readonly #options: EnergyCounterOptions;
  #before: Counted | undefined;
  #held: Counted | undefined;
  readonly #usual: number[] = [];

  constructor(options: EnergyCounterOptions) {
    this.#options = options;
    const { from, startJoules = 0 } = options;
    this.joules = from?.joules ?? startJoules;
    this.hasMoved = from?.hasMoved ?? false;
    this.#before = from;
  }

  /** Undefined before the first reading. */
  get mark(): EnergyMark | undefined {
    if (this.#before === undefined) return undefined;
    const { raw, timeNs } = this.#before;
    return { raw, timeNs, joules: this.joules, hasMoved: this.hasMoved };
  }

  /** Takes a reading. The power is the mean since the last reading that gave one or was the first. */
  add(raw: number, timeNs: number): EnergyStep {
    const before = this.#before;
    const now = { raw, timeNs };
    if (before !== undefined && raw !== before.raw) this.hasMoved = true;
    if (before === undefined || timeNs <= before.timeNs || this.#mayHaveWrappedTwice(before, now)) {
      return this.#restart(now, 'unknown');
    }
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return this.#afterHeld(before, held, now);
    const joules = this.#joules(before, now);
    if (joules === undefined) return this.#after(now);
    if (this.#isLeap(joules / secondsBetween(before, now))) {
      this.#held = now;
      return { kind: 'held' };
    }
    return this.#accept(before, now, joules);
  }

  /** The step is not possible. It may be taken back. */
  #after(now: Counted): EnergyStep {
    if (!this.#options.holdsLeaps) return this.#restart(now, 'rejected');
    this.#held = now;
    return { kind: 'held' };
  }

  #afterHeld(before: Counted, held: Counted, now: Counted): EnergyStep {
    const direct = this.#joules(before, now);
    const isBack = held.raw < before.raw && this.#joules(before, held) === undefined;
    const isUndone = now.raw >= before.raw && (isBack || now.raw < held.raw);
    if (isUndone && direct !== undefined) {
      // It was taken back: it was not energy, and the counter counts on from before it.
      this.#accept(before, now, direct);
      return { kind: 'rejected' };
    }
    if (isBack) return this.#afterRestart(held, now);
    const [leapt, since] = [this.#joules(before, held), this.#joules(held, now)];
    if (leapt === undefined || since === undefined || direct === undefined) return this.#restart(now, 'rejected');
    return this.#accept(before, now, direct);
  }

  /** The counter has started again at the reading before. */
  #afterRestart(before: Counted, now: Counted): EnergyStep {
    const joules = this.#joules(before, now);
    if (joules === undefined || this.#isLeap(joules / secondsBetween(before, now)))
      return this.#restart(now, 'rejected');
    return this.#accept(before, now, joules);
  }

  #accept(before: Counted, now: Counted, joules: number): EnergyStep {
    const watts = joules / secondsBetween(before, now);
    this.joules += joules;
    this.#before = now;
    this.#usual.push(watts);
    if (this.#usual.length > remembered) this.#usual.shift();
    return { kind: 'power', watts };
  }

  #restart(now: Counted, kind: 'rejected' | 'unknown'): EnergyStep {
    this.#before = now;
    this.#held = undefined;
    return { kind };
  }

  #isLeap(watts: number): boolean {
    if (!this.#options.holdsLeaps) return false;
    if (this.#usual.length === 0) return watts > firstLeapWatts;
    return watts > Math.max(leap.watts, leap.times * Math.max(...this.#usual));
  }

  /** The energy of a step; undefined when it is not possible. */
  #joules(from: Counted, to: Counted): number | undefined {
    const { range, countsPerJoule, mostWatts } = this.#options;
    const step = to.raw - from.raw;
    const joules = (step < 0 && range !== undefined ? step + range : step) / countsPerJoule;
    // Still below 0: the counter was beyond its own range.
    return joules >= 0 && joules <= mostWatts * secondsBetween(from, to) ? joules : undefined;
  }

  #mayHaveWrappedTwice(from: Counted, to: Counted): boolean {
    const { range, countsPerJoule, mostWatts } = this.#options;
    return range !== undefined && secondsBetween(from, to) * mostWatts * countsPerJoule > range;
  }
}

function secondsBetween(from: Counted, to: Counted): number {
  return (to.timeNs - from.timeNs) / nsPerSecond;
}
