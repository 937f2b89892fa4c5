import type { Readable } from 'node:stream';
import { BenchlabError } from '@benchlab-otel/core';
import type { StageLines } from '../stages/stageLines.ts';
import type { InputParts, StageInput } from './stageInput.ts';

/** A stream of somebody else's, such as standard input. It is paused in the end, not closed. */
export class StreamInput implements StageInput {
  readonly #stream: Readable;
  readonly #parts: InputParts;
  readonly #lines: StageLines;
  #isOver = false;
  readonly #data = (bytes: Uint8Array | string): void =>
    this.#lines.push(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  readonly #end = (): void => this.#over();
  readonly #error = (cause: Error): void => this.#over(broke(cause.message, cause));
  /** Destroyed without an error: neither of the others comes then. */
  readonly #close = (): void => this.#over(broke('it was closed before its end'));

  constructor(stream: Readable, parts: InputParts) {
    this.#stream = stream;
    this.#parts = parts;
    this.#lines = parts.lines();
  }

  async start(): Promise<void> {
    if (this.#stream.readableEnded || this.#stream.destroyed) {
      throw new BenchlabError('BAD_OPTION', 'The stream of stage events has ended already.', 'Give one that has not.');
    }
    this.#stream.on('data', this.#data).on('end', this.#end).on('error', this.#error).on('close', this.#close);
    // One that was paused stays so by itself.
    this.#stream.resume();
  }

  async stop(): Promise<void> {
    this.#stream.off('data', this.#data).off('end', this.#end).off('error', this.#error).off('close', this.#close);
    this.#stream.pause();
    if (!this.#isOver) this.#lines.end();
  }

  #over(error?: BenchlabError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#lines.end();
    this.#parts.ended(error);
  }
}

function broke(reason: string, cause?: unknown): BenchlabError {
  const what = `The stream of stage events broke: ${reason}.`;
  return new BenchlabError('DEVICE_LOST', what, 'See to the program that writes it.', { cause });
}
