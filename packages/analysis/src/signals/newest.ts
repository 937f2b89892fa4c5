/** The bounds of what is kept: whichever is reached first. */
export interface Bounds {
  readonly items: number;
  readonly bytes: number;
}

/** What several items refer to. Its bytes count once, for as long as a kept item refers to it. */
export interface Shared {
  readonly object: object;
  readonly bytes: number;
}

interface Entry<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly shared: Shared | undefined;
}

/** Keeps the newest items within its bounds. The oldest are dropped and counted. */
export class Newest<Item> {
  #dropped = 0;
  #bytes = 0;
  #entries: Entry<Item>[] = [];
  /** Kept items that refer to each shared object. */
  readonly #uses = new Map<object, number>();
  /** Entries before this index are dropped; they are cut off once they are half of the list. */
  #first = 0;
  readonly #bounds: Bounds;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** @param bytes of the item alone, without what it shares with others */
  add(item: Item, bytes: number, shared?: Shared): void {
    this.#entries.push({ item, bytes, shared });
    this.#bytes += bytes;
    if (shared !== undefined) this.#use(shared, 1);
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
    if (oldest.shared !== undefined) this.#use(oldest.shared, -1);
    this.#dropped++;
    this.#first++;
    if (this.#first * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }

  #use({ object, bytes }: Shared, change: 1 | -1): void {
    const before = this.#uses.get(object) ?? 0;
    const after = before + change;
    if (before === 0) this.#bytes += bytes;
    if (after > 0) this.#uses.set(object, after);
    else if (this.#uses.delete(object)) this.#bytes -= bytes;
  }
}
