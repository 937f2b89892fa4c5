import type { Readable } from 'node:stream';
import { BenchlabError } from '@benchlab-otel/sdk';
import type { StageLines } from '../stageLines.ts';
import type { InputParts, StageInput } from './stageInput.ts';

/** A stream of somebody else's, such as standard input. It is paused in the end, not closed. */
export class StreamInput implements StageInput {
  readonly #stream: Readable;
  readonly #parts: InputParts;
  readonly #lines: StageLines;
  readonly #data = (bytes: Uint8Array | string): void =>
    this.#lines.push(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  readonly #end = (): void => {
    this.#lines.end();
    this.#parts.ended();
  };
  readonly #error = (cause: Error): void => {
    this.#lines.end();
    const what = `The stream of stage events broke: ${cause.message}.`;
    this.#parts.ended(new BenchlabError('DEVICE_LOST', what, 'See to the program that writes it.', { cause }));
  };

  constructor(stream: Readable, parts: InputParts) {
    this.#stream = stream;
    this.#parts = parts;
    this.#lines = parts.lines();
  }

  async start(): Promise<void> {
    if (this.#stream.readableEnded || this.#stream.destroyed) {
      throw new BenchlabError('BAD_OPTION', 'The stream of stage events has ended already.', 'Give one that has not.');
    }
    this.#stream.on('data', this.#data).on('end', this.#end).on('error', this.#error);
  }

  async stop(): Promise<void> {
    this.#stream.off('data', this.#data).off('end', this.#end).off('error', this.#error).pause();
  }
}
