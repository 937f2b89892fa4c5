/** Pieces of work that wait: some have next to no bytes. */
const maxWaiting = 1_000;
/** Streams that are read at once: each is read as it comes, because its writer waits for its reader. */
const maxStreams = 16;

/** Runs work one after the other, and streams at once. It refuses more than it may hold. */
export class WorkQueue {
  readonly #maxBytes: number;
  readonly #streams = new Set<Promise<unknown>>();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #waitingBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** @returns undefined at once where too much waits */
  async add<T>(sizeBytes: number, work: () => Promise<T>): Promise<T | undefined> {
    // One alone may be larger than all that may wait.
    const isTooMuch = this.#waiting > 0 && this.#waitingBytes + sizeBytes > this.#maxBytes;
    if (isTooMuch || this.#waiting >= maxWaiting) return undefined;
    this.#waiting += 1;
    this.#waitingBytes += sizeBytes;
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    try {
      return await result;
    } finally {
      this.#waiting -= 1;
      this.#waitingBytes -= sizeBytes;
    }
  }

  /** @returns undefined at once, after `refuse` was called, where too many streams are read */
  async stream<T>(work: () => Promise<T>, refuse: () => void): Promise<T | undefined> {
    if (this.#streams.size >= maxStreams) {
      refuse();
      return undefined;
    }
    const result = work();
    this.#streams.add(result);
    try {
      return await result;
    } finally {
      this.#streams.delete(result);
    }
  }

  /** Resolves when all that was added before has ended. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.#last, ...this.#streams]);
  }
}
