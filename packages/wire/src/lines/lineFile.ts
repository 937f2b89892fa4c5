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
import { BenchlabError, messageOf, OptionError } from '@benchlab-otel/core';
import { type OutputPath, outputPath } from '../files/outputPath.ts';

/** Recordings can show what a program does: their owner reads them, and gives them to others. */
const privateMode = 0o600;

/**
 * A file of lines for a recording. Writing is synchronous: nothing waits in memory and nothing is dropped, and a slow disk
 * slows the source down. After a crash or on a full disk the file ends with a whole line.
 *
 * The first line replaces what the file held before. A new file that got no line is removed at `close`.
 */
export class LineFile {
  readonly #fd: number;
  readonly #path: string;
  readonly #name: string;
  readonly #isNew: boolean;
  #bytes = 0;
  #isClosed = false;

  /** @throws BenchlabError BAD_OPTION that names the option and the path */
  constructor(path: string, option: string) {
    this.#name = `${option} ${path}`;
    try {
      const output = outputPath(path);
      const target = output.path;
      this.#path = target;
      const before = statSync(target, { throwIfNoEntry: false });
      if (before !== undefined && !before.isFile()) throw new Error(whatElse(before));
      this.#isNew = before === undefined;
      // Without O_NONBLOCK, opening would block if a FIFO took the name in between.
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK | output.noFollow;
      this.#fd = openSync(target, flags, privateMode);
      this.#accept(output);
    } catch (cause) {
      const fix = 'Name a regular file in a folder that exists and that you may write to.';
      const what = `${this.#name} cannot be written: ${messageOf(cause)}.`;
      throw new BenchlabError('BAD_OPTION', what, fix, { cause });
    }
  }

  #accept(output: OutputPath): void {
    try {
      output.accept(fstatSync(this.#fd));
    } catch (thrown) {
      closeSync(this.#fd);
      throw thrown;
    }
  }

  /** True when `input` is this file: reading from it would never end. */
  isSameAs(input: Stats | undefined): boolean {
    if (this.#isClosed) return false; // its number may belong to another file by now
    const own = fstatSync(this.#fd);
    return input !== undefined && input.dev === own.dev && input.ino === own.ino;
  }

  /**
   * @throws OptionError for a line with a line feed within it, which would be read as two: none of `lines` is written;
   * BenchlabError when the file does not take the lines, or was closed; the earlier ones are whole in it
   */
  write(lines: readonly string[]): void {
    if (lines.length === 0) return;
    // The number of the descriptor may belong to another file by now.
    if (this.#isClosed) throw new BenchlabError('UNSUPPORTED', `${this.#name} is closed.`, 'Open it again.');
    const value = lines.find((line) => line.includes('\n'));
    if (value !== undefined) throw new OptionError({ option: 'line', value, allowed: 'a text without a line feed' });
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
      throw new BenchlabError('UNSUPPORTED', what, 'The lines before are whole. Make room, and record again.', {
        cause,
      });
    }
  }

  /** Safe repeated. */
  close(): void {
    if (this.#isClosed) return;
    if (this.#isNew && this.#bytes === 0 && this.isSameAs(statSync(this.#path, { throwIfNoEntry: false }))) {
      unlinkSync(this.#path);
    }
    this.#isClosed = true;
    closeSync(this.#fd);
  }
}

function whatElse(found: Stats): string {
  return `it is ${found.isDirectory() ? 'a folder' : 'not a regular file'}`;
}
