/** Parts that are remembered. A request repeats some dozens of keys, names and attributes. */
const slots = 512;
/** Longer parts are hardly ever the same, bytes. */
const maxLength = 96;

/**
 * What was made of the parts of one request that repeat, byte for byte: a part that is known is not read again, which takes a fraction of
 * the time and no memory. All that have the same bytes share what was made, and only read it.
 */
export class Repeats<Made> {
  readonly #bytes: Buffer;
  readonly #starts = new Uint32Array(slots);
  /** 0: nothing is remembered. */
  readonly #lengths = new Uint8Array(slots);
  readonly #made: Made[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** What `make` made of the same bytes before, or makes now. */
  of(start: number, end: number, make: (start: number, end: number) => Made): Made {
    const length = end - start;
    if (length === 0 || length > maxLength) return make(start, end);
    const slot = this.#slotOf(start, end);
    const known = this.#made[slot];
    if (known !== undefined && this.#lengths[slot] === length && this.#isSame(this.#starts[slot] ?? 0, start, length)) {
      return known;
    }
    const made = make(start, end);
    this.#starts[slot] = start;
    this.#lengths[slot] = length;
    this.#made[slot] = made;
    return made;
  }

  #isSame(a: number, b: number, length: number): boolean {
    for (let k = 0; k < length; k++) if (this.#bytes[a + k] !== this.#bytes[b + k]) return false;
    return true;
  }

  /** FNV-1a of 32 bits (Fowler, Noll, Vo), over all bytes. */
  #slotOf(start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (this.#bytes[at] ?? 0), 0x01000193);
    return (hash ^ (hash >>> 16)) & (slots - 1);
  }
}
