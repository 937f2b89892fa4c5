import { isObject } from '@benchlab-otel/core';
import type { DestinationStream } from 'pino';

/** A log line as an object, in the form that was written: serialised, and redacted where the application uses pino's redact. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Passes log lines to taps as they are written. Without a tap, a line costs one more call. */
export class LineTaps {
  readonly #taps: ((line: LogLine) => void)[] = [];
  #isTapping = false;

  /** `tap` is called inside the application's call: be quick. It must not throw; what it logs is not tapped. */
  add(tap: (line: LogLine) => void): void {
    this.#taps.push(tap);
  }

  /** `destination`, followed by the taps. */
  before(destination: DestinationStream): DestinationStream {
    return {
      write: (line) => {
        destination.write(line);
        if (this.#taps.length > 0 && !this.#isTapping) this.#tap(line);
      },
      // pino calls it when a process ends.
      ...('flushSync' in destination && { flushSync: () => (destination as { flushSync(): void }).flushSync() }),
    };
  }

  #tap(line: string): void {
    this.#isTapping = true;
    try {
      const parsed: unknown = JSON.parse(line);
      if (isObject(parsed)) for (const tap of this.#taps) tap(parsed);
    } catch {
      // A custom formatter may write lines that are not JSON. They are not tapped.
    } finally {
      this.#isTapping = false;
    }
  }
}
