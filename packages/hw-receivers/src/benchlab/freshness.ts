/** How often the frames of a board differ from the one before: the board may measure more slowly than it is read. */
export class Freshness {
  // 100 frames: five seconds at the default rate, and steps of one per cent.
  readonly #isNew = new Uint8Array(100);
  #previous: Uint8Array | undefined;
  #compared = 0;

  /** Takes a frame in. Returns the share of new ones among the latest, 0 to 1; undefined for the first frame. */
  observe(frame: Uint8Array): number | undefined {
    const previous = this.#previous;
    if (previous === undefined || previous.length !== frame.length) {
      this.#previous = frame.slice();
      return undefined;
    }
    this.#isNew[this.#compared % this.#isNew.length] = Buffer.compare(previous, frame) === 0 ? 0 : 1;
    this.#compared++;
    previous.set(frame);
    const kept = Math.min(this.#compared, this.#isNew.length);
    let fresh = 0;
    for (let index = 0; index < kept; index++) fresh += this.#isNew[index] ?? 0;
    return fresh / kept;
  }
}
