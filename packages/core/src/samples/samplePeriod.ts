import { gapLimitNs } from './gap.ts';

/** Intervals remembered: one that is out of the ordinary, or two, do not move the median; a new rate is learned in three. */
const remembered = 5;
/** Learns how often a source is sampled, as the median of its latest five intervals, to tell a gap from a late sample. */
export class SamplePeriod {
  readonly #intervals: number[] = [];
  // Until two samples tell the rate, once a second is taken for granted.
  #gapLimitNs = gapLimitNs(1e9 / 4);

  /** An interval longer than this is a gap, ns. */
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
    this.#gapLimitNs = gapLimitNs(median);
  }
}
