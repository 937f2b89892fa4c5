/** Intervals remembered: one or two that are out of the ordinary do not move the median; a new rate is learned in three. */
const remembered = 5;
/** A poll that is late or fails once or twice does not make a gap. */
const periodsPerGap = 4;
/** A busy host delays polls by many short periods. The power step across the delay states the error of what is joined. */
const shortestGapNs = 0.5e9;
/** Until two samples show the rate, four a second are assumed. */
const assumedPeriodNs = 0.25e9;

/** A silence longer than this is a gap, ns, for a source that is sampled at this period, ns. */
export function gapLimitNs(periodNs: number): number {
  return Math.max(periodsPerGap * periodNs, shortestGapNs);
}

/**
 * How often one source is sampled, as the median of its latest five intervals, and which of its silences are gaps: the
 * one estimate and the one rule for the counters of energy and for the energy of spans. In a gap nothing is known, so
 * nothing is counted for it.
 */
export class SamplePeriod {
  readonly #intervals: number[] = [];
  #periodNs: number | undefined;

  /** Median of the latest intervals, ns; undefined before the second sample. */
  get periodNs(): number | undefined {
    return this.#periodNs;
  }

  /** A silence longer than this is a gap, ns. */
  get gapLimitNs(): number {
    return gapLimitNs(this.#periodNs ?? assumedPeriodNs);
  }

  /** Takes the interval before a new sample in, ns. Returns whether it was a gap, by what was known before it. */
  observe(intervalNs: number): boolean {
    const isGap = intervalNs > this.gapLimitNs;
    this.#intervals.push(intervalNs);
    if (this.#intervals.length > remembered) this.#intervals.shift();
    const sorted = this.#intervals.toSorted((a, b) => a - b);
    this.#periodNs = sorted[(sorted.length - 1) >> 1];
    return isGap;
  }
}
