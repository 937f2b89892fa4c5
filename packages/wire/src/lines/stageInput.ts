import type { BenchlabError, Clock } from '@benchlab-otel/core';
import type { Rejections } from '../stages/rejections.ts';
import type { StageLines } from '../stages/stageLines.ts';

/** Where lines come from: a file, a FIFO, a socket … Started once; a source that starts again makes a new one. */
export interface StageInput {
  /** @throws BenchlabError where nothing can be read */
  start(): Promise<void>;
  /**
   * Takes what has arrived by then; a last line counts where it is whole. No call of the parts comes after it has resolved.
   * Also after a start that failed.
   */
  stop(): Promise<void>;
}

export interface InputParts {
  /** For one writer, whose lines mix with no other's. */
  lines(): StageLines;
  readonly rejections: Rejections;
  readonly clock: Clock;
  /** There will be no more: the input ended by itself, or with an error. */
  ended(error?: BenchlabError): void;
}
