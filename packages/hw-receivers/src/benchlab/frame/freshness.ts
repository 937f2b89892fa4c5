/** How often a board has new values. */
export interface FreshnessReport {
  /** Share of the latest frames that differ from the one before, 0 to 1. */
  readonly uniqueRatio: number;
  /** New frames a second. Undefined where every frame is new: the board then refreshes at least as often as it is read. */
  readonly refreshHz?: number;
}

/** Below this share of new frames repeated frames come from the board, not from two polls that were too close together. */
const mostUnique = 0.95;
/** New frames that a rate needs, at least. */
const leastNew = 5;

/** How often the frames of a board differ from the one before: the board may measure more slowly than it is read. */
export class Freshness {
  // 100 frames: five seconds at the default rate, and steps of one per cent.
  readonly #isNew = new Uint8Array(100);
  readonly #timesNs = new Float64Array(100);
  #previous: Uint8Array | undefined;
  #compared = 0;

  /** Takes a frame with the time of its sample. Undefined for the first frame. */
  observe(frame: Uint8Array, timeNs: number): FreshnessReport | undefined {
    const previous = this.#previous;
    if (previous === undefined || previous.length !== frame.length) {
      this.#previous = frame.slice();
      return undefined;
    }
    const at = this.#compared % this.#isNew.length;
    this.#isNew[at] = Buffer.compare(previous, frame) === 0 ? 0 : 1;
    this.#timesNs[at] = timeNs;
    this.#compared++;
    previous.set(frame);
    return this.#report();
  }

  /** There are as many refreshes between the first new frame and the last as new frames after the first. */
  #report(): FreshnessReport {
    const kept = Math.min(this.#compared, this.#isNew.length);
    let [fresh, firstNs, lastNs] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let index = 0; index < kept; index++) {
      if (this.#isNew[index] !== 1) continue;
      fresh++;
      firstNs = Math.min(firstNs, this.#timesNs[index] ?? firstNs);
      lastNs = Math.max(lastNs, this.#timesNs[index] ?? lastNs);
    }
    const uniqueRatio = fresh / kept;
    if (fresh < leastNew || uniqueRatio > mostUnique) return { uniqueRatio };
    return { uniqueRatio, refreshHz: (fresh - 1) / ((lastNs - firstNs) / 1e9) };
  }
}
