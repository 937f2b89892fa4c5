/** Latencies of each pair that percentiles are made of: those of the first frames. */
const maxLatencies = 1_000_000;

/** The frames between two stages. */
export interface StagePair {
  readonly from: string;
  readonly to: string;
  /** Frames that reached both. */
  readonly frames: number;
  /** Frames that reached the first and never the second. */
  readonly dropped: number;
  /** Frames that reached the second, and never reached the first or reached it later. */
  readonly unmatched: number;
  /** From the first to the second, ns, sorted. Of the first million frames. */
  readonly latenciesNs: Float64Array;
  /** The longest of all frames, ns. */
  readonly longestNs: number | undefined;
}

/** Counts the frames of one pair. */
export class PairTally {
  #frames = 0;
  #dropped = 0;
  #unmatched = 0;
  #longestNs: number | undefined;
  readonly #latenciesNs: number[] = [];

  /** The times of one frame at the first and at the second stage, ns; undefined where it was not. */
  add(fromNs: number | undefined, toNs: number | undefined): void {
    if (fromNs !== undefined && toNs !== undefined && toNs >= fromNs) this.#pair(toNs - fromNs);
    else if (toNs !== undefined) this.#unmatched++;
    else if (fromNs !== undefined) this.#dropped++;
  }

  of(from: string, to: string): StagePair {
    return {
      from,
      to,
      frames: this.#frames,
      dropped: this.#dropped,
      unmatched: this.#unmatched,
      latenciesNs: Float64Array.from(this.#latenciesNs).sort(),
      longestNs: this.#longestNs,
    };
  }

  #pair(ns: number): void {
    this.#frames++;
    this.#longestNs = Math.max(this.#longestNs ?? ns, ns);
    if (this.#latenciesNs.length < maxLatencies) this.#latenciesNs.push(ns);
  }
}
