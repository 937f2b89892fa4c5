import { numberOption } from '@benchlab-otel/core';
import { createGuard, type Guard } from './guard.ts';
import type { LineSink } from './lineSink.ts';

export interface LineWriterOptions {
  /** Lines that may wait, at least 1. Beyond it the oldest is dropped. Default 10,000. */
  readonly maxLines?: number;
  /** Bytes that may wait, at least 1, with the same behaviour. Default 4 MiB. */
  readonly maxBytes?: number;
  /** Makes the line that reports how many lines were dropped before it. */
  readonly notice: (dropped: number) => string;
  /** The sink failed and takes nothing any more. Called once. What it throws is reported through `diag`. */
  readonly failed?: (error: unknown) => void;
}

/** Bytes of one write: a pipe holds 64 KiB (pipe(7)). */
const chunkBytes = 64 * 1024;
const nothing = Buffer.alloc(0);

/** How much may wait. */
export interface LineBounds {
  readonly maxLines: number;
  readonly maxBytes: number;
}

/** @throws OptionError for a bound that is not a whole number of at least 1 */
export function lineBounds({
  maxLines = 10_000,
  maxBytes = 4 * 1024 * 1024,
}: Pick<LineWriterOptions, 'maxLines' | 'maxBytes'>): LineBounds {
  const range = { least: 1, isWhole: true };
  return {
    maxLines: numberOption('maxLines', maxLines, range),
    maxBytes: numberOption('maxBytes', maxBytes, range),
  };
}

/** Lines of one write. */
interface Chunk {
  readonly lines: Buffer[];
  /** The first line is a notice of this class and not a line of the caller. */
  hasNotice: boolean;
}

/**
 * Writes whole lines to a sink in the background. The caller never waits. What the sink does not take is kept within the
 * bounds; beyond them the oldest lines are dropped and counted, and a notice is written before the next line.
 */
export class LineWriter {
  /** Lines of the caller that were not written. Notices do not count. */
  dropped = 0;
  readonly #sink: LineSink;
  readonly #options: Pick<LineWriterOptions, 'notice' | 'failed'>;
  readonly #bounds: LineBounds;
  readonly #guard: Guard = createGuard('a writer of lines');
  #waiting: Buffer[] = [];
  /** Index of the oldest line that waits: to move all others at each line that is dropped would take 40 us of the caller's time. */
  #first = 0;
  #waitingBytes = 0;
  /** Dropped since the last notice. */
  #unreported = 0;
  #writing: Promise<void> | undefined;
  #isDead = false;

  constructor(sink: LineSink, options: LineWriterOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#bounds = lineBounds(options);
  }

  /** @param line without its line end. A line with a line feed within it is dropped and counted: it would be read as two */
  push(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    if (this.#isDead || bytes.length > this.#bounds.maxBytes || line.includes('\n')) {
      this.#drop(1);
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    const { maxLines, maxBytes } = this.#bounds;
    while (this.#count > maxLines || this.#waitingBytes > maxBytes) {
      this.#shift();
      this.#drop(1);
    }
    this.#writing ??= this.#write();
  }

  /** Resolves when every line that was pushed has been taken or dropped. Does not resolve while the sink takes nothing. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /**
   * Writes what waits before it returns, without waiting for a reader: for the end of the process, after which nothing runs.
   * A write that is under way finishes by itself, possibly after these lines. What the sink does not take is dropped and counted.
   */
  flushSync(): void {
    try {
      while (this.#count > 0) {
        const chunk = this.#nextChunk();
        const bytes = Buffer.concat(chunk.lines);
        const taken = this.#sink.writeSync(bytes);
        if (taken === bytes.length) continue;
        this.#dropRest(chunk, taken);
        break;
      }
    } catch (error) {
      this.#guard('failed', () => this.#options.failed?.(error));
    }
    this.#dropAll();
  }

  /** Lines that the sink has not taken are dropped and counted. Safe repeated. */
  async close(): Promise<void> {
    await this.#sink.close();
    await this.#writing;
    this.#die();
  }

  async #write(): Promise<void> {
    // Lines that are pushed one after the other leave together.
    await new Promise<void>((resolve) => void setImmediate(resolve));
    try {
      while (this.#count > 0) if (!(await this.#writeChunk(this.#nextChunk()))) break;
    } catch (error) {
      this.#die();
      this.#guard('failed', () => this.#options.failed?.(error));
    }
    this.#writing = undefined;
  }

  /** False when the sink was closed. */
  async #writeChunk(chunk: Chunk): Promise<boolean> {
    const { lines } = chunk;
    let rest = Buffer.concat(lines);
    let taken = 0;
    while (rest.length > 0) {
      const result = await this.#sink.write(rest).catch((error: unknown) => {
        this.#dropRest(chunk, taken);
        throw error;
      });
      if (result === 'closed') {
        this.#dropRest(chunk, taken);
        return false;
      }
      if (result === 'lost') {
        // The next reader gets whole lines: the line that the last reader got in part is sent from its start.
        const written = lines.splice(0, whole(lines, taken));
        if (written.length > 0) chunk.hasNotice = false;
        rest = Buffer.concat(lines);
        taken = 0;
      } else {
        taken += result;
        rest = rest.subarray(result);
      }
    }
    return true;
  }

  #nextChunk(): Chunk {
    const lines: Buffer[] = [];
    let bytes = 0;
    const hasNotice = this.#unreported > 0;
    if (hasNotice) {
      lines.push(Buffer.from(`${this.#options.notice(this.#unreported)}\n`));
      this.#unreported = 0;
    }
    for (let line = this.#waiting[this.#first]; line !== undefined; line = this.#waiting[this.#first]) {
      if (bytes > 0 && bytes + line.length > chunkBytes) break;
      lines.push(line);
      bytes += line.length;
      this.#shift();
    }
    return { lines, hasNotice };
  }

  /** Lines that wait. */
  get #count(): number {
    return this.#waiting.length - this.#first;
  }

  /** The oldest line waits no more. */
  #shift(): void {
    this.#waitingBytes -= this.#waiting[this.#first]?.length ?? 0;
    this.#waiting[this.#first] = nothing; // its bytes are released
    this.#first++;
    if (this.#first * 2 < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#first);
    this.#first = 0;
  }

  /** The sink took only the first `taken` bytes of the chunk. */
  #dropRest({ lines, hasNotice }: Chunk, taken: number): void {
    const written = whole(lines, taken);
    const notices = hasNotice && written === 0 ? 1 : 0;
    this.#drop(lines.length - written - notices);
  }

  #drop(lines: number): void {
    this.dropped += lines;
    this.#unreported += lines;
  }

  #die(): void {
    this.#isDead = true;
    this.#dropAll();
  }

  #dropAll(): void {
    this.#drop(this.#count);
    this.#waiting = [];
    this.#first = 0;
    this.#waitingBytes = 0;
  }
}

/** Number of lines that lie completely within the first `bytes` bytes. */
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
