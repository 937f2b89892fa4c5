const lineFeed = 0x0a;

/** Bytes to lines, however they were cut on their way. Holds one unfinished line of at most `maxBytes`. */
export class Lines {
  readonly #maxBytes: number;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that `bytes` completes, without their line feeds; undefined when one is longer than it may be. */
  push(bytes: Uint8Array): string[] | undefined {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const lines: string[] = [];
    let start = 0;
    for (let end = all.indexOf(lineFeed); end >= 0; end = all.indexOf(lineFeed, start)) {
      if (end - start > this.#maxBytes) return undefined;
      lines.push(Buffer.from(all.buffer, all.byteOffset + start, end - start).toString());
      start = end + 1;
    }
    if (all.length - start > this.#maxBytes) return undefined;
    // A copy: the bytes belong to whoever read them.
    this.#rest = Uint8Array.from(all.subarray(start));
    return lines;
  }
}
