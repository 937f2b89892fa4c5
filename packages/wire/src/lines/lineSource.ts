import type { BenchlabError } from '@benchlab-otel/core';

/**
 * Takes lines. Its methods are called synchronously; they must not block. A line at which `line` throws counts as a bad line;
 * what the other methods throw is reported through `diag`, at most once a minute. The source continues.
 */
export interface LineConsumer {
  /**
   * One line, without its end. Returns the reason when the line is bad, and undefined when it was taken. A bad line is
   * counted and reported with its number; the lines around it are read.
   */
  line(text: string): string | undefined;
  /** Lines were refused. The first is reported at once, further ones at most once a second, the sum at the end. */
  rejected?(report: LineRejection): void;
  /** No line comes any more until the source is started again: the input ended by itself, or with an error. */
  ended?(end: LineEnd): void;
}

/** Lines that are bad, and why the last of them is. */
export interface LineRejection {
  readonly source: string;
  /** The latest reason, with where it stood: `line 17: not a JSON object`. */
  readonly reason: string;
  /** All since the start. */
  readonly count: number;
}

/** How an input of lines ended. */
export interface LineEnd {
  readonly source: string;
  readonly error?: BenchlabError;
}

/**
 * Brings lines in. `start` resolves when the source runs. A second start is refused with ALREADY_STARTED while the source
 * runs; a start during a stop waits for it, and a start after `ended` releases what the run before has left. `stop` may be
 * called unstarted, repeatedly and while `start` is pending; it leaves no timer, handle or listener. After `start` nothing
 * throws.
 */
export interface LineSource {
  readonly name: string;
  start(consumer: LineConsumer): Promise<void>;
  stop(): Promise<void>;
}
