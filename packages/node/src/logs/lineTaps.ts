import type { DestinationStream } from 'pino';

/** A log line as an object, as it was written: serialised, and redacted where the application has pino redact. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Hands log lines on as they are written. Without a tap a line costs one more call. */
export class LineTaps {
  readonly #taps: ((line: LogLine) => void)[] = [];
  #isTapping = false;

  /** `tap` is called inside the application's call: be quick. It must not throw; what it logs is not tapped. */
  add(tap: (line: LogLine) => void): void {
    this.#taps.push(tap);
  }

  /** `destination` with the taps behind it. */
  before(destination: DestinationStream): DestinationStream {
    return {
      write: (line) => {
        destination.write(line);
        if (this.#taps.length > 0 && !this.#isTapping) this.#tap(line);
      },
      // pino asks for it when a process ends.
      ...('flushSync' in destination && { flushSync: () => (destination as { flushSync(): void }).flushSync() }),
    };
  }

  #tap(line: string): void {
    this.#isTapping = true;
    try {
      const parsed: unknown = JSON.parse(line);
      if (typeof parsed === 'object' && parsed !== null) for (const tap of this.#taps) tap(parsed as LogLine);
    } catch {
      // A line that a custom formatter made is none of ours.
    } finally {
      this.#isTapping = false;
    }
  }
}
