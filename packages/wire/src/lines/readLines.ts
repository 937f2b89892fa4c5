import type { Readable } from 'node:stream';
import { alreadyStarted, type Clock, numberOption, systemClock } from '@benchlab-otel/core';
import { inputOf, type OpenInput } from './inputOf.ts';
import { LineRun } from './lineRun.ts';
import type { LineConsumer, LineSource } from './lineSource.ts';

export interface ReadLinesOptions {
  /** Name of the source in reports. Default: the address, or `stream`. */
  readonly name?: string;
  /** A longer line is refused, and its rest is skipped without being kept. Default 65,536; at most 16 MiB. */
  readonly maxLineBytes?: number;
  readonly clock?: Clock;
}

/** Longest line unless the caller sets another bound. The longest line of our own formats has this bound too. */
const defaultLineBytes = 64 * 1024;
/** Highest bound: more than this would be held in memory for each writer. */
const mostLineBytes = 16 * 1024 * 1024;

/**
 * Reads the lines that other programs write. `from` is one of
 *
 * - `PATH`: a regular file from its start and what is added to it, also after a rotation; or a FIFO, whose writers come and go;
 * - `unix:PATH`: a Unix socket on which this process listens, mode 0660;
 * - `udp:PORT`: datagrams to 127.0.0.1, of whole lines. Datagrams that the kernel drops are not counted;
 * - `-`: standard input; or any readable stream.
 *
 * @throws OptionError for another address; `start` rejects when nothing can be read there
 * @example
 * const lines = readLines('/run/app/events.fifo');
 * await lines.start({ line: (text) => (text.startsWith('{') ? undefined : 'not a JSON object') });
 */
export function readLines(from: string | Readable, options: ReadLinesOptions = {}): LineSource {
  return new LineReader(from, options);
}

class LineReader implements LineSource {
  readonly name: string;
  readonly #open: OpenInput;
  readonly #clock: Clock;
  readonly #maxLineBytes: number;
  #run: LineRun | undefined;
  /** Resolves when the runs before have stopped. */
  #stopped: Promise<unknown> = Promise.resolve();

  constructor(
    from: string | Readable,
    { name, clock = systemClock, maxLineBytes = defaultLineBytes }: ReadLinesOptions,
  ) {
    this.#open = inputOf(from);
    this.#clock = clock;
    this.#maxLineBytes = numberOption('maxLineBytes', maxLineBytes, { least: 1, most: mostLineBytes, isWhole: true });
    this.name = name ?? (typeof from === 'string' ? from : 'stream');
  }

  async start(consumer: LineConsumer): Promise<void> {
    if (this.#run?.isOver === false) throw alreadyStarted(this.name);
    // A run that ended by itself may still have handles. A stop that fails is reported to its caller, and not here.
    this.stop().catch(() => undefined);
    const parts = { source: this.name, open: this.#open, clock: this.#clock, maxLineBytes: this.#maxLineBytes };
    const run = new LineRun({ ...parts, consumer });
    this.#run = run;
    await this.#stopped;
    // A stop came while this start waited.
    if (this.#run !== run) return;
    try {
      await run.start();
    } catch (error) {
      if (this.#run === run) await this.stop().catch(() => undefined);
      throw error;
    }
  }

  async stop(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    if (run === undefined) return void (await this.#stopped);
    const ending = Promise.all([this.#stopped, run.stop()]);
    this.#stopped = ending.catch(() => undefined);
    await ending;
  }
}
