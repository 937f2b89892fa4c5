import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Clock } from '@benchlab-otel/core';
import { parseSessionFile, sessionPaths } from '@benchlab-otel/session';
import type { Signals } from '../host/signals.ts';

/** Why a step ended. */
export type StepEnd = 'enter' | 'bookmark' | 'interrupted' | 'no input';

interface StepEndParts {
  readonly input: Readable;
  readonly clock: Clock;
  readonly signals: Signals;
  /** The folder of a session whose bookmarks end a step, too. */
  readonly session?: string;
}

/** Bookmarks are looked for this often. */
const pollNs = 200e6;

/**
 * What ends the steps of a flow: a line of the input, a new bookmark in the session, a signal, and the end of the input where there are no
 * bookmarks to wait for. One object for all steps; `stop` releases what it holds.
 */
export class StepEnds {
  readonly #parts: StepEndParts;
  readonly #unlisten: () => void;
  readonly #input: (chunk: string) => void;
  readonly #inputEnd: () => void;
  #waiting: ((end: StepEnd) => void) | undefined;
  /** Lines that came before a step waited for one. */
  #lines = 0;
  #isInputOver = false;
  #isInterrupted = false;
  #known: number | undefined;
  #cancelPoll: (() => void) | undefined;

  constructor(parts: StepEndParts) {
    this.#parts = parts;
    this.#unlisten = parts.signals.listen(() => {
      this.#isInterrupted = true;
      this.#settle();
    });
    this.#input = (chunk) => {
      this.#lines += chunk.split('\n').length - 1;
      this.#settle();
    };
    this.#inputEnd = () => {
      this.#isInputOver = true;
      this.#settle();
    };
    parts.input.setEncoding('utf8').on('data', this.#input).on('end', this.#inputEnd).on('error', this.#inputEnd);
  }

  async next(): Promise<StepEnd> {
    this.#known = await this.#bookmarks();
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#poll();
      this.#settle();
    });
  }

  stop(): void {
    this.#unlisten();
    this.#cancelPoll?.();
    const { input } = this.#parts;
    input.off('data', this.#input).off('end', this.#inputEnd).off('error', this.#inputEnd);
    // An open keyboard would keep the process alive.
    input.destroy();
  }

  #settle(): void {
    if (this.#waiting === undefined) return;
    if (this.#isInterrupted) this.#end('interrupted');
    else if (this.#lines > 0) {
      this.#lines--;
      this.#end('enter');
    } else if (this.#isInputOver && this.#parts.session === undefined) this.#end('no input');
  }

  #end(end: StepEnd): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#cancelPoll?.();
    waiting?.(end);
  }

  #poll(): void {
    const { clock, session } = this.#parts;
    if (session === undefined || this.#waiting === undefined) return;
    this.#cancelPoll = clock.at(clock.nowNs() + pollNs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const count = await this.#bookmarks();
    if (this.#waiting === undefined) return;
    this.#known ??= count;
    if (count !== undefined && this.#known !== undefined && count > this.#known) this.#end('bookmark');
    else this.#poll();
  }

  /** How many the session has; undefined while its file is not there or is being written. */
  async #bookmarks(): Promise<number | undefined> {
    const { session } = this.#parts;
    if (session === undefined) return undefined;
    const { file } = sessionPaths(session);
    try {
      return parseSessionFile(await readFile(file, 'utf8'), file).bookmarks.length;
    } catch {
      return undefined;
    }
  }
}
