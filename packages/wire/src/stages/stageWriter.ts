import type { Writable } from 'node:stream';
import { createReport, type StageConsumer, type StageEvent } from '@benchlab-otel/core';
import type { LineWriter } from '../lines/lineWriter.ts';
import { writeLines } from '../lines/writeLines.ts';
import { formatDroppedStages, formatStageLine } from './stageLine.ts';

/** The sending end of stage events. It never throws, and never waits for a reader. */
export interface StageWriter extends StageConsumer {
  /** Events that no reader got: beyond the bound, after a failure of the disk, or because the end came first. */
  readonly dropped: number;
  /** Events that the reader would refuse, such as one without a stage. The reason is reported through `diag`. */
  readonly refused: number;
  /** Sends what waits, for one second at most, and ends. Safe repeated; later events are dropped and counted. */
  close(): Promise<void>;
}

/** Time that a reader has at the end to take what waits, ms. */
const graceMs = 1_000;

/**
 * Sends stage events to another process of this host, where `jsonlStages` and `benchlab-probe sessions record --from` read them.
 * 10,000 events or 4 MiB wait for a reader; beyond it the oldest are dropped and counted, and the reader is informed of their
 * number. A reader may start later, end, and start again.
 *
 * @param to `unix:PATH`, on which the reader listens; a FIFO; a file, to whose end the lines are added; or a stream
 * @throws OptionError for an address at which nothing can be written
 * @example
 * const writer = await stageWriter('unix:/run/camera/stages.sock');
 * await spanStages({ stages: [{ span: 'encode' }] }).start(writer);
 */
export async function stageWriter(to: string | Writable): Promise<StageWriter> {
  let dropped = 0;
  const report = createReport('the writer of stage events');
  const writer = await writeLines(to, {
    notice: (more) => {
      dropped += more;
      return formatDroppedStages(dropped);
    },
    failed: (error) => report('It has failed. Further events are dropped and counted.', error),
  });
  return new LineStageWriter(writer, report);
}

class LineStageWriter implements StageWriter {
  refused = 0;
  readonly #writer: LineWriter;
  readonly #report: ReturnType<typeof createReport>;

  constructor(writer: LineWriter, report: ReturnType<typeof createReport>) {
    this.#writer = writer;
    this.#report = report;
  }

  get dropped(): number {
    return this.#writer.dropped;
  }

  stage(event: StageEvent): void {
    try {
      this.#writer.push(formatStageLine(event));
    } catch (error) {
      this.refused++;
      this.#report('An event was refused.', error);
    }
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([this.#writer.flush(), late]);
    clearTimeout(timer);
    await this.#writer.close();
  }
}
