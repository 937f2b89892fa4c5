import type { StagePairs } from '@benchlab-otel/analysis';
import type { Clock, StageConsumer, StageEnd, StageEvent, StageRejection } from '@benchlab-otel/core';
import { formatRecordingHeader, formatStageLine, type LineFile } from '@benchlab-otel/wire';

/** Lines of one write. */
const batch = 256;
/** Longest time that a line waits, ms: a program that follows the file sees the lines soon. */
const flushMs = 200;

export interface RecordingParts {
  readonly file: LineFile;
  readonly clock: Clock;
  readonly pairs: StagePairs;
  ended(error?: unknown): void;
}

/** Writes stage events as they come, and counts what it writes. */
export class Recording implements StageConsumer {
  readonly pairs: StagePairs;
  events = 0;
  /** The largest of any event, ns. */
  uncertaintyNs = 0;
  simulated = false;
  rejection: StageRejection | undefined;
  readonly #file: LineFile;
  readonly #ended: (error?: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #clock: Clock;
  #wanted: NonNullable<StageEnd['wanted']> = [];
  #lines: string[] = [];
  #isBroken = false;

  /** @param ended called when no event comes any more, or the file takes no more */
  constructor({ file, clock, pairs, ended }: RecordingParts) {
    this.#file = file;
    this.#clock = clock;
    this.#ended = ended;
    this.pairs = pairs;
    this.#timer = setInterval(() => this.#write(), flushMs);
  }

  stage(event: StageEvent): void {
    if (this.#isBroken) return;
    if (this.events === 0) this.#lines.push(formatRecordingHeader(this.#clock));
    this.events++;
    this.uncertaintyNs = Math.max(this.uncertaintyNs, event.uncertaintyNs);
    this.simulated ||= event.simulated === true;
    this.pairs.add(event);
    this.#lines.push(formatStageLine(event));
    if (this.#lines.length >= batch) this.#write();
  }

  rejected(report: StageRejection): void {
    this.rejection = report;
  }

  ended({ error, wanted = [] }: StageEnd): void {
    this.#wanted = wanted;
    this.#ended(error);
  }

  /** Stages that were asked for and that no frame reached, with the reason. */
  get empty(): readonly { readonly stage: string; readonly reason: string }[] {
    const reached = new Set(this.pairs.stages.map(({ stage }) => stage));
    const wanted = this.#wanted.filter(({ stage }) => !reached.has(stage));
    return wanted.map(({ stage, isPresent }) => ({
      stage,
      reason: isPresent ? 'no frame reached it' : 'the pipeline has no element of this name',
    }));
  }

  /** Call it after the source has stopped. */
  close(): void {
    clearInterval(this.#timer);
    this.#write();
    this.#file.close();
    this.pairs.close();
  }

  #write(): void {
    const lines = this.#lines;
    this.#lines = [];
    if (this.#isBroken) return;
    try {
      this.#file.write(lines);
    } catch (error) {
      this.#isBroken = true;
      this.#ended(error);
    }
  }
}
