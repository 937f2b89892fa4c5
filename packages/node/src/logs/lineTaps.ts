import { writeSync } from 'node:fs';
import { isObject, messageOf } from '@benchlab-otel/core';
import type { DestinationStream } from 'pino';

/** A log line as an object, in the form that was written: serialised, and redacted where the application uses pino's redact. */
export type LogLine = Readonly<Record<string, unknown>>;

/** What pino's destinations may have besides `write`. */
interface Flushing {
  /** Calls back when all is written. */
  flush?: (done: (error?: Error) => void) => void;
  flushSync?: () => void;
}

/** Passes log lines to taps as they are written. */
export class LineTaps {
  readonly #taps: ((line: LogLine) => void)[] = [];
  #destination: (DestinationStream & Flushing) | undefined;
  readonly #redact: ((line: string) => string | undefined) | undefined;
  #isTapping = false;
  #hasFailed = false;

  /** @param redact returns the line as the destination gets it, or undefined for none; taps get what was written before it */
  constructor(redact?: (line: string) => string | undefined) {
    this.#redact = redact;
  }

  /** `tap` is called inside the application's call: be quick. It must not throw; what it logs is not tapped. */
  add(tap: (line: LogLine) => void): void {
    this.#taps.push(tap);
  }

  /**
   * `destination`, followed by the taps. All else that it has works through it: pino sets the level of each line on a
   * destination that asks for that (`pino.multistream`), and applications flush, end and reopen theirs.
   */
  before(destination: DestinationStream): DestinationStream {
    this.#destination = destination;
    const write = (line: string): void => this.#write(destination, line);
    // A proxy, because the methods of a destination need it as `this`, and what it has is not known.
    const bound = new Map<unknown, unknown>();
    // It stands for an empty object, because the methods of a frozen destination could not be replaced.
    return new Proxy(
      { write },
      {
        get(_, name) {
          if (name === 'write') return write;
          const value: unknown = Reflect.get(destination, name, destination);
          if (typeof value !== 'function') return value;
          const known = bound.get(value) ?? value.bind(destination);
          bound.set(value, known);
          return known;
        },
        set(_, name, value) {
          Reflect.set(destination, name, value, destination);
          return true; // a destination that takes no values must not make a line throw
        },
        has: (_, name) => name in destination,
      },
    );
  }

  /** Resolves when the destination has written all lines, as far as it reports that. Never rejects. */
  flush(): Promise<void> {
    const destination = this.#destination;
    return new Promise((resolve) => {
      try {
        if (typeof destination?.flush === 'function') destination.flush(() => resolve());
        else {
          destination?.flushSync?.();
          resolve();
        }
      } catch (error) {
        this.#report(error);
        resolve();
      }
    });
  }

  /** Writes out what the destination keeps in memory, where it can do that at once. Never throws. */
  flushSync(): void {
    try {
      this.#destination?.flushSync?.();
    } catch (error) {
      this.#report(error);
    }
  }

  #write(destination: DestinationStream, line: string): void {
    try {
      const written = this.#redact === undefined ? line : this.#redact(line);
      if (written !== undefined) destination.write(written);
    } catch (error) {
      this.#report(error);
    }
    if (this.#taps.length > 0 && !this.#isTapping) this.#tap(line);
  }

  /** Once, to stderr: the log itself does not work. The application must not end because of it. */
  #report(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    try {
      writeSync(2, `benchlab-otel: log.destination failed, and lines are lost: ${messageOf(error)}\n`);
    } catch {
      // There is no other place to report to.
    }
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
