import { messageOf } from '@benchlab-otel/core';
import type { LineConsumer } from './lineSource.ts';
import { LineSplitter } from './lineSplitter.ts';
import type { Rejections } from './rejections.ts';

export interface WriterLinesParts {
  readonly consumer: Pick<LineConsumer, 'line'>;
  readonly rejections: Rejections;
  readonly maxLineBytes: number;
}

/** The bytes of one writer as lines, numbered from 1, to a consumer. */
export class WriterLines {
  readonly #parts: WriterLinesParts;
  readonly #splitter: LineSplitter;
  #number = 0;

  constructor(parts: WriterLinesParts) {
    this.#parts = parts;
    this.#splitter = new LineSplitter(parts.maxLineBytes);
  }

  push(bytes: Uint8Array): void {
    for (const line of this.#splitter.push(bytes)) this.#take(line);
  }

  /** The writer has ended. Its last line counts also without a line feed: many programs end without one. */
  end(): void {
    const rest = this.#splitter.end();
    if (rest !== undefined) this.#take(rest, ', where its writer ended');
  }

  #take(line: string | undefined, where = ''): void {
    this.#number++;
    const { maxLineBytes, rejections } = this.#parts;
    const reason = line === undefined ? `more than ${maxLineBytes} bytes` : this.#offer(line);
    if (reason !== undefined) rejections.add(`line ${this.#number}${where}: ${reason}`);
  }

  #offer(line: string): string | undefined {
    try {
      return this.#parts.consumer.line(line);
    } catch (thrown) {
      return `its consumer threw: ${messageOf(thrown)}`;
    }
  }
}
