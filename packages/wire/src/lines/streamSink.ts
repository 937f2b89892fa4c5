import type { Writable } from 'node:stream';
import type { LineSink } from './lineSink.ts';

/** A stream that the application owns. The sink does not end it. */
export class StreamSink implements LineSink {
  readonly #stream: Writable;
  #error: unknown;
  #wake: () => void = () => {};
  #isClosed = false;
  readonly #failed = (error: unknown): void => {
    this.#error ??= error ?? new Error('the stream is closed');
    this.#wake();
  };
  readonly #ended = (): void => this.#failed(new Error('the stream is closed'));
  readonly #drained = (): void => this.#wake();

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', this.#failed).on('close', this.#ended).on('drain', this.#drained);
  }

  async write(bytes: Buffer): Promise<number | 'lost' | 'closed'> {
    while (this.#stream.writableNeedDrain && !this.#isClosed && this.#error === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isClosed) return 'closed';
    if (this.#error === undefined && !this.#stream.writable) this.#ended();
    if (this.#error !== undefined) throw this.#error;
    this.#stream.write(bytes);
    return bytes.length;
  }

  writeSync(bytes: Buffer): number {
    if (this.#isClosed || !this.#stream.writable) return 0;
    // A stream to a file or a terminal is synchronous; of another one, the buffer is all that is left at the end.
    this.#stream.write(bytes);
    return bytes.length;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    // The listener for `error` stays: a write under way may still fail, and that must not end the application.
    this.#stream.off('close', this.#ended).off('drain', this.#drained);
  }
}
