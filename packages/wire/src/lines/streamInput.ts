import type { Readable } from 'node:stream';
import { types } from 'node:util';
import { BenchlabError } from '@benchlab-otel/core';
import type { InputParts, LineInput } from './lineInput.ts';
import type { WriterLines } from './writerLines.ts';

/** A stream that the caller owns, such as standard input. `stop` pauses it and does not close it. */
export class StreamInput implements LineInput {
  readonly #stream: Readable;
  readonly #parts: InputParts;
  readonly #lines: WriterLines;
  #isOver = false;
  readonly #data = (chunk: unknown): void => {
    if (typeof chunk === 'string') this.#lines.push(Buffer.from(chunk));
    else if (types.isUint8Array(chunk)) this.#lines.push(chunk);
    else this.#refuse(chunk);
  };
  readonly #end = (): void => this.#over();
  readonly #error = (cause: Error): void => this.#over(broke(cause.message, cause));
  /** A stream that was destroyed without an error emits neither `end` nor `error`. */
  readonly #close = (): void => this.#over(broke('it was closed before its end'));

  constructor(stream: Readable, parts: InputParts) {
    this.#stream = stream;
    this.#parts = parts;
    this.#lines = parts.lines();
  }

  async start(): Promise<void> {
    if (this.#stream.readableEnded || this.#stream.destroyed) {
      throw new BenchlabError('BAD_OPTION', 'The stream has already ended.', 'Pass a stream that is still open.');
    }
    this.#stream.on('data', this.#data).on('end', this.#end).on('error', this.#error).on('close', this.#close);
    // A listener for data does not resume a stream that was paused.
    this.#stream.resume();
  }

  async stop(): Promise<void> {
    this.#stream.off('data', this.#data).off('end', this.#end).off('error', this.#error).off('close', this.#close);
    this.#stream.pause();
    if (!this.#isOver) this.#lines.end();
  }

  /** A stream in object mode delivers values of any type. */
  #refuse(chunk: unknown): void {
    // The listener for `error` stays: the stream may still break, and that must not end the application.
    this.#stream.off('data', this.#data).pause();
    const what = `The stream delivered ${typeof chunk === 'object' ? 'an object' : `a ${typeof chunk}`} instead of bytes.`;
    this.#over(new BenchlabError('BAD_OPTION', what, 'Pass a stream of bytes or text.'));
  }

  #over(error?: BenchlabError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#lines.end();
    this.#parts.ended(error);
  }
}

function broke(reason: string, cause?: unknown): BenchlabError {
  const what = `The stream broke: ${reason}.`;
  return new BenchlabError('DEVICE_LOST', what, 'Check the program that writes it.', { cause });
}
