/** Frames that are remembered: 18 minutes at 60 frames a second. The oldest are dropped first. */
const maxFrames = 65_536;
/** Encoders and parsers recompute times. Times within this distance are the same frame, ns. */
const toleranceNs = 1000;

/** One id for each frame in all stages, from presentation times that differ by rounding. */
export class FrameIds {
  /** By microsecond. */
  readonly #known = new Map<number, number>();

  of(ptsNs: number): string {
    const bucket = Math.floor(ptsNs / toleranceNs);
    for (const near of [bucket, bucket - 1, bucket + 1]) {
      const known = this.#known.get(near);
      if (known !== undefined && Math.abs(known - ptsNs) <= toleranceNs) return String(known);
    }
    this.#known.set(bucket, ptsNs);
    if (this.#known.size > maxFrames) for (const oldest of this.#known.keys()) return this.#forget(oldest, ptsNs);
    return String(ptsNs);
  }

  #forget(oldest: number, ptsNs: number): string {
    this.#known.delete(oldest);
    return String(ptsNs);
  }
}
