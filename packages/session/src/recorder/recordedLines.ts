import { messageOf } from '@benchlab-otel/core';
import { HoleInRecording } from './hole.ts';
import type { RefusedInput } from './refusedInput.ts';
import type { SessionState } from './sessionState.ts';
import { SessionStreams, type SessionStreamsOptions } from './sessionStreams.ts';

export interface RecordedLinesOptions extends SessionStreamsOptions {
  readonly state: SessionState;
  readonly refused: RefusedInput;
}

/** Characters of lines that wait while the disk takes none: eight seconds of 20,000 events a second. */
const maxWaiting = 16 * 1024 * 1024;

/** The lines of a session on their way to the disk. While it takes none they wait within a bound; what comes beyond is a hole. */
export class RecordedLines {
  /** Lines so far. */
  count = 0;
  readonly #options: RecordedLinesOptions;
  readonly #streams: SessionStreams;
  readonly #hole = new HoleInRecording();

  constructor(options: RecordedLinesOptions) {
    this.#options = options;
    this.#streams = new SessionStreams(options);
  }

  /** Lines that a full disk did not take. */
  get dropped(): number {
    return this.#hole.dropped;
  }

  /** Why the disk takes no lines now. Undefined while it does. */
  get trouble(): string | undefined {
    return this.#hole.trouble;
  }

  /** Whether it became a line: not without room, and not when `lineOf` refuses it. */
  add(stream: 'benchlab' | 'telemetry' | 'pipeline', timeNs: number, lineOf: () => string): boolean {
    if (this.#streams.waitingSize > maxWaiting) {
      this.#hole.drop(timeNs);
      return false;
    }
    try {
      this.#streams.add(stream, lineOf());
      this.count++;
      return true;
    } catch (error) {
      this.#options.refused.here(messageOf(error));
      return false;
    }
  }

  row(line: string): void {
    this.#streams.row(line);
  }

  /**
   * Writes what waits, and `session.json` where it has changed. A disk that does not take it is reported once, and once again
   * when it has room.
   *
   * @throws the error of the disk
   */
  async write(): Promise<void> {
    const { state, trouble, paths } = this.#options;
    const before = this.#hole.trouble;
    try {
      await this.#streams.flush();
      const hole = this.#hole.wrote();
      if (hole !== undefined) state.hole(hole);
      await state.save();
      if (before === undefined) return;
      const lost = hole === undefined ? 'No line was lost.' : `${hole.reason}.`;
      trouble(`${paths.folder} is written again. ${lost}`);
    } catch (error) {
      this.#hole.failed(error);
      if (before === undefined) {
        trouble(`${paths.folder} cannot be written: ${messageOf(error)}. Lines wait until there is room.`);
      }
      throw error;
    }
  }

  /** Waits for segments that are being packed. Safe repeated. */
  close(): Promise<void> {
    return this.#streams.close();
  }
}
