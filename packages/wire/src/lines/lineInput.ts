import type { BenchlabError, Clock } from '@benchlab-otel/core';
import type { Rejections } from './rejections.ts';
import type { WriterLines } from './writerLines.ts';

/** Where lines come from: a file, a FIFO, a socket … It is started once; a source that starts again makes a new input. */
export interface LineInput {
  /** @throws BenchlabError when nothing can be read */
  start(): Promise<void>;
  /**
   * Delivers what has arrived by then, including a last line without an end. After it has resolved, it calls no part.
   * May be called after a start that failed.
   */
  stop(): Promise<void>;
}

/** What an input delivers to. */
export interface InputParts {
  /** Takes the bytes of one writer. Each writer has its own, so that lines of different writers never mix. */
  lines(): WriterLines;
  readonly rejections: Rejections;
  readonly clock: Clock;
  /** No line comes any more: the input ended by itself, or with an error. */
  ended(error?: BenchlabError): void;
}
