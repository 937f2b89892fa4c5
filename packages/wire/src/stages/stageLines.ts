import type { StageConsumer } from '@benchlab-otel/core';
import { LineSplitter } from '../lines/lineSplitter.ts';
import type { Rejections } from './rejections.ts';
import { parseStageLine } from './stageLine.ts';

/** An event needs some 100 bytes; lines may carry fields that nobody here knows. */
const maxLineBytes = 16 * 1024;

/** Where lines come from and go to. */
export interface StageLinesParts {
  readonly source: string;
  readonly consumer: StageConsumer;
  readonly rejections: Rejections;
}

/** What one writer writes: lines to events. Lines of different writers never mix. */
export class StageLines {
  readonly #parts: StageLinesParts;
  readonly #lines = new LineSplitter(maxLineBytes);
  #number = 0;

  constructor(parts: StageLinesParts) {
    this.#parts = parts;
  }

  push(bytes: Uint8Array): void {
    for (const line of this.#lines.push(bytes)) this.#take(line);
  }

  /** The writer is gone. What it ended with counts where it is whole: many end without a line feed. */
  end(): void {
    const rest = this.#lines.end();
    if (rest !== undefined) this.#take(rest, ', where its writer ended');
  }

  #take(line: string | undefined, where = ''): void {
    this.#number++;
    const { source, consumer, rejections } = this.#parts;
    const read = line === undefined ? { reason: `more than ${maxLineBytes} bytes` } : parseStageLine(line, source);
    if (read === undefined) return;
    if ('event' in read) consumer.stage(read.event);
    else rejections.add(`line ${this.#number}${where}: ${read.reason}`);
  }
}
