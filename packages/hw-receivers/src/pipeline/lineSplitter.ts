const lineFeed = 0x0a;

/** Bytes to lines, however they were cut on their way. A line that is too long is skipped to its end and counted. */
export class LineSplitter {
  /** Lines that were longer than `maxBytes`. */
  oversized = 0;
  readonly #maxBytes: number;
  #rest: Buffer = Buffer.alloc(0);
  #isSkipping = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that `bytes` completes, without their ends. */
  push(bytes: Uint8Array): string[] {
    const all = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    const lines: string[] = [];
    let start = 0;
    for (let end = all.indexOf(lineFeed); end >= 0; end = all.indexOf(lineFeed, start)) {
      if (this.#isSkipping) this.#isSkipping = false;
      else if (end - start > this.#maxBytes) this.oversized++;
      else lines.push(all.toString('utf8', start, end).replace(/\r$/, ''));
      start = end + 1;
    }
    if (this.#isSkipping) start = all.length;
    else if (all.length - start > this.#maxBytes) {
      this.oversized++;
      this.#isSkipping = true;
      start = all.length;
    }
    this.#rest = Buffer.from(all.subarray(start));
    return lines;
  }

  /** What the input ended with, where that was no whole line. */
  end(): string | undefined {
    const rest = this.#isSkipping ? '' : this.#rest.toString();
    this.#rest = Buffer.alloc(0);
    this.#isSkipping = false;
    return rest === '' ? undefined : rest;
  }
}
