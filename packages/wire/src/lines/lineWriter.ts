import type { LineSink } from './lineSink.ts';

export interface LineWriterOptions {
  /** Lines that may wait; beyond it the oldest is dropped. 10,000 unless set. */
  readonly maxLines?: number;
  /** Bytes that may wait, with the same behaviour. 4 MiB unless set. */
  readonly maxBytes?: number;
  /** A line that says how many were dropped before it. */
  readonly notice: (dropped: number) => string;
  /** The sink takes nothing any more. Called once. */
  readonly failed?: (error: unknown) => void;
}

/** What is handed to the sink at once: a pipe takes 64 KiB. */
const chunkBytes = 64 * 1024;

/**
 * Writes whole lines to a sink in the background. The caller never waits: what the sink does not take is buffered, within
 * bounds, then dropped from the oldest on, and counted; when lines flow again, a notice comes first.
 */
export class LineWriter {
  /** Lines that were not written. */
  dropped = 0;
  readonly #sink: LineSink;
  readonly #options: Required<Omit<LineWriterOptions, 'failed'>> & Pick<LineWriterOptions, 'failed'>;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Dropped since the last notice. */
  #untold = 0;
  #writing: Promise<void> | undefined;
  #isDead = false;

  constructor(sink: LineSink, options: LineWriterOptions) {
    this.#sink = sink;
    this.#options = { maxLines: 10_000, maxBytes: 4 * 1024 * 1024, ...options };
  }

  /** @param line without its line end */
  push(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    if (this.#isDead || bytes.length > this.#options.maxBytes) {
      this.#drop(1);
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    let over = 0;
    while (this.#waiting.length - over > this.#options.maxLines || this.#waitingBytes > this.#options.maxBytes) {
      this.#waitingBytes -= this.#waiting[over]?.length ?? 0;
      over++;
    }
    if (over > 0) {
      this.#waiting.splice(0, over);
      this.#drop(over);
    }
    this.#writing ??= this.#write();
  }

  /** Resolves when all that was pushed has been taken or dropped: never, while the sink takes nothing. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** What the sink has not taken is dropped. */
  async close(): Promise<void> {
    await this.#sink.close();
    await this.#writing;
    this.#die();
  }

  async #write(): Promise<void> {
    // Lines that are pushed one after the other leave together.
    await new Promise<void>((resolve) => void setImmediate(resolve));
    try {
      while (this.#waiting.length > 0) if (!(await this.#writeChunk(this.#nextChunk()))) break;
    } catch (error) {
      this.#die();
      this.#options.failed?.(error);
    }
    this.#writing = undefined;
  }

  /** False when the sink was closed. */
  async #writeChunk(lines: Buffer[]): Promise<boolean> {
    let rest = Buffer.concat(lines);
    let taken = 0;
    while (rest.length > 0) {
      const result = await this.#sink.write(rest).catch((error: unknown) => {
        this.#drop(lines.length - whole(lines, taken));
        throw error;
      });
      if (result === 'closed') {
        this.#drop(lines.length - whole(lines, taken));
        return false;
      }
      if (result === 'lost') {
        // The next reader gets whole lines: what the last one had in part is sent from its start.
        rest = Buffer.concat(lines.slice(whole(lines, taken)));
        lines.splice(0, whole(lines, taken));
        taken = 0;
      } else {
        taken += result;
        rest = rest.subarray(result);
      }
    }
    return true;
  }

  #nextChunk(): Buffer[] {
    const lines: Buffer[] = [];
    let bytes = 0;
    if (this.#untold > 0) {
      lines.push(Buffer.from(`${this.#options.notice(this.#untold)}\n`));
      this.#untold = 0;
    }
    let count = 0;
    for (const line of this.#waiting) {
      if (count > 0 && bytes + line.length > chunkBytes) break;
      lines.push(line);
      bytes += line.length;
      count++;
    }
    this.#waiting.splice(0, count);
    this.#waitingBytes -= bytes;
    return lines;
  }

  #drop(lines: number): void {
    this.dropped += lines;
    this.#untold += lines;
  }

  #die(): void {
    this.#isDead = true;
    this.#drop(this.#waiting.length);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

/** How many of the lines `bytes` covers whole. */
function whole(lines: readonly Buffer[], bytes: number): number {
  let count = 0;
  let sum = 0;
  for (const line of lines) {
    sum += line.length;
    if (sum > bytes) break;
    count++;
  }
  return count;
}
