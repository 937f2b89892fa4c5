const lineFeed = 0x0a;

/** Makes lines of bytes, wherever the bytes were cut on their way. Keeps one unfinished line of at most `maxBytes`. */
export class LineSplitter {
  readonly #maxBytes: number;
  #rest: Buffer = Buffer.alloc(0);
  #isSkipping = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that `bytes` completes, without LF or CR LF; undefined for a line that is too long: its rest is skipped. */
  push(bytes: Uint8Array): (string | undefined)[] {
    const all = this.#rest.length === 0 ? asBuffer(bytes) : Buffer.concat([this.#rest, bytes]);
    const lines: (string | undefined)[] = [];
    let start = 0;
    for (let end = all.indexOf(lineFeed); end >= 0; end = all.indexOf(lineFeed, start)) {
      if (this.#isSkipping) this.#isSkipping = false;
      else if (end - start > this.#maxBytes) lines.push(undefined);
      else lines.push(all.toString('utf8', start, all[end - 1] === 0x0d && end > start ? end - 1 : end));
      start = end + 1;
    }
    if (all.length - start > this.#maxBytes && !this.#isSkipping) {
      lines.push(undefined);
      this.#isSkipping = true;
    }
    // A copy: the caller may use its buffer again.
    this.#rest = this.#isSkipping ? Buffer.alloc(0) : Buffer.from(all.subarray(start));
    return lines;
  }

  /** The rest, when the input did not end with a whole line. */
  end(): string | undefined {
    const rest = this.#rest.toString().replace(/\r$/, '');
    this.#rest = Buffer.alloc(0);
    this.#isSkipping = false;
    return rest === '' ? undefined : rest;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
