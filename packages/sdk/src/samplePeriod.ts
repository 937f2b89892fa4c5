/** Intervals remembered: one that is out of the ordinary, or two, do not move the median; a new rate is learned in three. */
const remembered = 5;
/** A poll that is late or fails once is no gap; three in a row are. */
const periodsPerGap = 3;
/** Below a second, a busy host can delay polls by many periods without a change in power going unseen for long. */
const shortestGapNs = 1e9;

/** Learns how often a source is sampled, as the median of its latest five intervals, to tell a gap from a late sample. */
export class SamplePeriod {
  readonly #intervals: number[] = [];
  #gapLimitNs = shortestGapNs;

  /** An interval longer than this is a gap, ns: three periods, and never less than a second. */
  get gapLimitNs(): number {
    return this.#gapLimitNs;
  }

  get isKnown(): boolean {
    return this.#intervals.length > 0;
  }

  observe(intervalNs: number): void {
    this.#intervals.push(intervalNs);
    if (this.#intervals.length > remembered) this.#intervals.shift();
    const sorted = this.#intervals.toSorted((a, b) => a - b);
    const median = sorted[(sorted.length - 1) >> 1] ?? intervalNs;
    this.#gapLimitNs = Math.max(periodsPerGap * median, shortestGapNs);
  }
}
