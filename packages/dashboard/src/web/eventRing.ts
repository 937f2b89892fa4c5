/** Entries that are kept: 15 minutes at 72 a second, as the view model keeps rows. */
const mostEntries = 65_536;
/** Bytes of their texts: entries of 500 bytes on average. */
const mostBytes = 32 * 1024 * 1024;

/**
 * The newest entries of a stream with their sequence numbers, from 1, within a bound of number and bytes. It is the queue of
 * every client: a client is a number, and for one that is slow nothing waits but that.
 */
export class EventRing {
  readonly #most: number;
  readonly #mostBytes: number;
  #entries: string[] = [];
  #start = 0;
  #last = 0;
  #bytes = 0;

  constructor(most: number = mostEntries, bytes: number = mostBytes) {
    this.#most = most;
    this.#mostBytes = bytes;
  }

  /** The sequence number of the newest entry; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** The number of the oldest entry that is kept; one above `last` when there are none. */
  get first(): number {
    return this.#last - (this.#entries.length - this.#start) + 1;
  }

  push(entry: string): void {
    this.#entries.push(entry);
    this.#last++;
    this.#bytes += entry.length;
    while (this.#entries.length - this.#start > this.#most || this.#bytes > this.#mostBytes) this.#forget();
    // Moved at every doubling alone: an entry costs a constant time.
    if (this.#start > this.#most) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
  }

  /** At most `most` entries after the one with the number `after`, of those that are kept, and how many before them are not. */
  after(
    after: number,
    most: number,
  ): { readonly first: number; readonly entries: readonly string[]; readonly lost: number } {
    const first = Math.max(after + 1, this.first);
    const at = this.#start + first - this.first;
    return { first, entries: this.#entries.slice(at, at + most), lost: first - after - 1 };
  }

  #forget(): void {
    this.#bytes -= this.#entries[this.#start]?.length ?? 0;
    this.#entries[this.#start] = '';
    this.#start++;
  }
}
