/** The bounds of what is kept: whichever is reached first. */
export interface Bounds {
  readonly items: number;
  readonly bytes: number;
}

/** Keeps the newest items within its bounds. The oldest are dropped and counted. */
export class Newest<Item> {
  #dropped = 0;
  #bytes = 0;
  #entries: { readonly item: Item; readonly bytes: number }[] = [];
  /** Entries before this index are dropped; they are cut off once they are half of the list. */
  #first = 0;
  readonly #bounds: Bounds;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  add(item: Item, bytes: number): void {
    this.#entries.push({ item, bytes });
    this.#bytes += bytes;
    while (this.#entries.length - this.#first > this.#bounds.items || this.#bytes > this.#bounds.bytes)
      this.#dropOldest();
  }

  /** The oldest first. */
  get items(): readonly Item[] {
    return this.#entries.slice(this.#first).map(({ item }) => item);
  }

  get dropped(): number {
    return this.#dropped;
  }

  #dropOldest(): void {
    const oldest = this.#entries[this.#first];
    if (oldest === undefined) return;
    this.#bytes -= oldest.bytes;
    this.#dropped++;
    this.#first++;
    if (this.#first * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
