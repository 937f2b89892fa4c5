/** Items that are exported together. */
export interface Batch<Item> {
  /** Counts up: a batch with a lower number was begun earlier. */
  readonly number: number;
  readonly items: Item[];
}

/** Items that wait for their export, in batches, oldest first: at most `maxItems`. */
export class BatchQueue<Item> {
  readonly #maxItems: number;
  readonly #batchSize: number;
  readonly #full: Batch<Item>[] = [];
  /** Index of the oldest full batch; the ones before it have been taken. */
  #head = 0;
  #filling: Batch<Item> = { number: 0, items: [] };
  #size = 0;

  constructor(maxItems: number, batchSize: number) {
    this.#maxItems = maxItems;
    this.#batchSize = batchSize;
  }

  get size(): number {
    return this.#size;
  }

  get hasFullBatch(): boolean {
    return this.#head < this.#full.length;
  }

  /** Number of the newest batch that has an item. */
  get newest(): number {
    return this.#filling.items.length > 0 ? this.#filling.number : this.#filling.number - 1;
  }

  /** Number of the oldest batch that has an item, where there is one. */
  get oldest(): number {
    return this.#full[this.#head]?.number ?? this.#filling.number;
  }

  /** False where there is no room. */
  add(item: Item): boolean {
    if (this.#size >= this.#maxItems) return false;
    this.#size += 1;
    this.#filling.items.push(item);
    if (this.#filling.items.length >= this.#batchSize) this.#close();
    return true;
  }

  /** The oldest full batch. Where there is none and `partial` is true, the batch that is being filled, if it has items. */
  take(partial: boolean): Batch<Item> | undefined {
    if (!this.hasFullBatch && partial && this.#filling.items.length > 0) this.#close();
    const batch = this.#full[this.#head];
    if (batch === undefined) return undefined;
    this.#head += 1;
    this.#size -= batch.items.length;
    // Removing the front for every batch would move all others each time.
    if (this.#head >= 64 && this.#head * 2 >= this.#full.length) {
      this.#full.splice(0, this.#head);
      this.#head = 0;
    }
    return batch;
  }

  #close(): void {
    this.#full.push(this.#filling);
    this.#filling = { number: this.#filling.number + 1, items: [] };
  }
}
