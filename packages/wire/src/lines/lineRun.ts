import type { Clock } from '@benchlab-otel/core';
import { createGuard } from './guard.ts';
import type { OpenInput } from './inputOf.ts';
import type { InputParts, LineInput } from './lineInput.ts';
import type { LineConsumer } from './lineSource.ts';
import { Rejections } from './rejections.ts';
import { WriterLines } from './writerLines.ts';

export interface LineRunParts {
  /** Name of the source in reports. */
  readonly source: string;
  readonly open: OpenInput;
  readonly consumer: LineConsumer;
  readonly clock: Clock;
  readonly maxLineBytes: number;
}

/** What a source of lines does from one start to one stop. */
export class LineRun {
  /** The input ended by itself, or with an error. */
  isOver = false;
  readonly #parts: LineRunParts;
  readonly #rejections: Rejections;
  #input: LineInput | undefined;
  #started: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(parts: LineRunParts) {
    const { source, consumer, clock } = parts;
    this.#parts = parts;
    this.#rejections = new Rejections(source, consumer, () => clock.nowNs());
  }

  /** Called at most once. @throws BenchlabError when nothing can be read; `stop` then releases what was opened */
  start(): Promise<void> {
    const starting = this.#start();
    this.#started = starting.catch(() => undefined);
    return starting;
  }

  /** Waits for a start that is pending. May be called on a run that was never started. */
  async stop(): Promise<void> {
    await this.#started;
    this.#isStopped = true;
    await this.#input?.stop();
    this.#rejections.report();
  }

  async #start(): Promise<void> {
    const { source, open, consumer, clock, maxLineBytes } = this.#parts;
    const rejections = this.#rejections;
    const guard = createGuard(source);
    const parts: InputParts = {
      lines: () => new WriterLines({ consumer, rejections, maxLineBytes }),
      rejections,
      clock,
      ended: (error) => {
        if (this.#isStopped) return;
        // Set before the consumer is called: it may start the source again.
        this.isOver = true;
        rejections.report();
        guard('ended', () => consumer.ended?.(error === undefined ? { source } : { source, error }));
      },
    };
    this.#input = await open(parts);
    await this.#input.start();
  }
}
