import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { BenchlabError } from '@benchlab-otel/core';

/**
 * A file of lines, written as they come. Each is written whole before the next: after a crash or on a full disk the file
 * ends with a whole line. Synchronous, so that nothing waits in memory: a disk that is slow slows the source down.
 *
 * What the file held before stays until there is a first line; a new file without a line is taken away again.
 */
export class LineFile {
  readonly #fd: number;
  readonly #path: string;
  readonly #name: string;
  readonly #isNew: boolean;
  #bytes = 0;

  /** @throws BenchlabError BAD_OPTION that names the option and the path */
  constructor(path: string, option: string) {
    this.#path = path;
    this.#name = `${option} ${path}`;
    try {
      const before = statSync(path, { throwIfNoEntry: false });
      if (before !== undefined && !before.isFile()) throw new Error(whatElse(before));
      this.#isNew = before === undefined;
      // Without O_NONBLOCK a FIFO that came in between would be waited for.
      this.#fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK, 0o666);
    } catch (cause) {
      const fix = 'Name a regular file in a folder that exists and that you may write to.';
      const what = `${this.#name} cannot be written: ${messageOf(cause)}.`;
      throw new BenchlabError('BAD_OPTION', what, fix, { cause });
    }
  }

  /** It is also what is read from. */
  isSameAs(input: Stats | undefined): boolean {
    const own = fstatSync(this.#fd);
    return input !== undefined && input.dev === own.dev && input.ino === own.ino;
  }

  /** @throws BenchlabError where it does not take the lines; those before are in it whole */
  write(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    try {
      if (this.#bytes === 0) ftruncateSync(this.#fd, 0);
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#fd, bytes, written, bytes.length - written, this.#bytes + written);
      }
      this.#bytes += bytes.length;
    } catch (cause) {
      ftruncateSync(this.#fd, this.#bytes);
      const what = `${this.#name} takes no more: ${messageOf(cause)}.`;
      throw new BenchlabError('UNSUPPORTED', what, 'What was written is whole. Make room, and record again.', {
        cause,
      });
    }
  }

  close(): void {
    closeSync(this.#fd);
    if (this.#isNew && this.#bytes === 0) unlinkSync(this.#path);
  }
}

function whatElse(found: Stats): string {
  return `it is ${found.isDirectory() ? 'a folder' : 'no regular file'}`;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
