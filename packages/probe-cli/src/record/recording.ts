import type { StagePairs } from '@benchlab-otel/analysis';
import type { BenchlabError, Clock, ClockAnchor, StageConsumer, StageEvent, StageRejection } from '@benchlab-otel/core';
import type { LineFile } from '@benchlab-otel/wire';
import { formatStageLine, stageSchema, stageSchemaVersion } from '@benchlab-otel/wire';

/** Lines that are written together. */
const batch = 256;
/** A line waits so long at most, ms: whoever follows the file sees them come. */
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
  #lines: string[] = [];
  #isBroken = false;

  /** @param ended there are no more events, or no room for them */
  constructor({ file, clock, pairs, ended }: RecordingParts) {
    this.#file = file;
    this.#clock = clock;
    this.#ended = ended;
    this.pairs = pairs;
    this.#timer = setInterval(() => this.#write(), flushMs);
  }

  stage(event: StageEvent): void {
    if (this.#isBroken) return;
    if (this.events === 0) this.#lines.push(headerLine(this.#clock));
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

  ended({ error }: { readonly error?: BenchlabError }): void {
    this.#ended(error);
  }

  /** Once the source has stopped. */
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

function headerLine(clock: Clock): string {
  const { timeNs, epochNs, uncertaintyNs } = tightestAnchor(clock);
  const anchor = { timeNs, epochNs: String(epochNs), uncertaintyNs };
  return JSON.stringify({ schema: stageSchema, version: stageSchemaVersion, clock: anchor });
}

/** The first reading of a clock in a process takes long. */
function tightestAnchor(clock: Clock): ClockAnchor {
  const others = Array.from({ length: 4 }, () => clock.anchor());
  return others.reduce((best, next) => (next.uncertaintyNs < best.uncertaintyNs ? next : best), clock.anchor());
}
