/** Intervals of the median: one or two that are out of the ordinary do not move it; a new rate is learned in three. */
const inMedian = 5;
/** Intervals that show how long one can be where polls are dithered. */
const remembered = 9;
/** A poll that is late or fails once or twice does not make a gap. */
const periodsPerGap = 4;
/** A busy host delays polls by many short periods. The power step across the delay states the error of what is joined. */
const shortestGapNs = 0.5e9;
/**
 * Until two samples show the rate, two a second are assumed: the first interval of a dithered poll once a second, the
 * slowest of a board, is up to 1.5 s long.
 */
const assumedPeriodNs = 0.5e9;

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
  #longestNs = 0;

  /** Median of the latest intervals, ns; undefined before the second sample. */
  get periodNs(): number | undefined {
    return this.#periodNs;
  }

  /** A silence longer than this is a gap, ns. */
  get gapLimitNs(): number {
    return Math.max(gapLimitNs(this.#periodNs ?? assumedPeriodNs), this.#longestNs);
  }

  /** Takes the interval before a new sample in, ns. Returns whether it was a gap, by what was known before it. */
  observe(intervalNs: number): boolean {
    const isGap = intervalNs > this.gapLimitNs;
    this.#intervals.push(intervalNs);
    if (this.#intervals.length > remembered) this.#intervals.shift();
    const latest = this.#intervals.slice(-inMedian).sort((a, b) => a - b);
    this.#periodNs = latest[(latest.length - 1) >> 1];
    this.#longestNs = longestDitheredNs(this.#intervals);
    return isGap;
  }
}

/**
 * How long an interval can be, ns, if polls are dithered by half a period to either side. It is 2 periods then, and the
 * median may be far below the period; but n intervals last n - 1 periods at least, so it is 2 n / (n - 1) of their mean at
 * most. One that is longer is out of the ordinary, and is left out of the mean.
 */
function longestDitheredNs(intervals: readonly number[]): number {
  const shortest = intervals.toSorted((a, b) => a - b);
  for (;;) {
    const sum = shortest.reduce((total, each) => total + each, 0);
    // The first interval, after a poll at its deadline, is half a period long at least.
    const longest = (2 * sum) / Math.max(shortest.length - 1, 0.5);
    if ((shortest.at(-1) ?? 0) <= longest) return longest;
    shortest.pop();
  }
}
