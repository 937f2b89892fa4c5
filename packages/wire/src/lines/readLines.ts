import type { Readable } from 'node:stream';
import { alreadyStarted, type Clock, numberOption, systemClock } from '@benchlab-otel/core';
import { createGuard } from './guard.ts';
import { inputOf, type OpenInput } from './inputOf.ts';
import type { InputParts, LineInput } from './lineInput.ts';
import type { LineConsumer, LineSource } from './lineSource.ts';
import { Rejections } from './rejections.ts';
import { WriterLines } from './writerLines.ts';

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

interface Run {
  input?: LineInput;
  readonly rejections: Rejections;
  isStopped: boolean;
}

class LineReader implements LineSource {
  readonly name: string;
  readonly #open: OpenInput;
  readonly #clock: Clock;
  readonly #maxLineBytes: number;
  #run: Run | undefined;
  #settled: Promise<void> = Promise.resolve();

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
    if (this.#run !== undefined) throw alreadyStarted(this.name);
    const run: Run = { rejections: new Rejections(this.name, consumer, () => this.#clock.nowNs()), isStopped: false };
    this.#run = run;
    const starting = this.#startInput(run, consumer);
    this.#settled = starting.catch(() => undefined);
    try {
      await starting;
    } catch (error) {
      run.isStopped = true;
      await run.input?.stop();
      if (this.#run === run) this.#run = undefined;
      throw error;
    }
  }

  async stop(): Promise<void> {
    const run = this.#run;
    await this.#settled;
    if (run === undefined || this.#run !== run) return;
    this.#run = undefined;
    run.isStopped = true;
    await run.input?.stop();
    run.rejections.report();
  }

  async #startInput(run: Run, consumer: LineConsumer): Promise<void> {
    const { rejections } = run;
    const guard = createGuard(this.name);
    const parts: InputParts = {
      lines: () => new WriterLines({ consumer, rejections, maxLineBytes: this.#maxLineBytes }),
      rejections,
      clock: this.#clock,
      ended: (error) => {
        if (run.isStopped) return;
        rejections.report();
        const end = error === undefined ? { source: this.name } : { source: this.name, error };
        guard('ended', () => consumer.ended?.(end));
      },
    };
    run.input = await this.#open(parts);
    await run.input.start();
  }
}
