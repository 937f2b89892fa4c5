import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { BenchlabError } from '@benchlab-otel/sdk';

/**
 * A file of lines, written as they come. Each is written whole before the next: after a crash or on a full disk the file
 * ends with a whole line. Synchronous, so that nothing waits in memory: a disk that is slow slows the source down.
 */
export class LineFile {
  readonly #fd: number;
  readonly #name: string;
  #bytes = 0;

  /** What `path` held before is gone. @throws BenchlabError BAD_OPTION that names the option and the path */
  constructor(path: string, option: string) {
    this.#name = `${option} ${path}`;
    try {
      this.#fd = openSync(path, 'w');
    } catch (cause) {
      throw this.#unwritable(messageOf(cause), cause);
    }
    if (fstatSync(this.#fd).isFile()) return;
    closeSync(this.#fd);
    throw this.#unwritable('it is no regular file');
  }

  /** @throws BenchlabError where it does not take the lines; those before are in it whole */
  write(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#fd, bytes, written);
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
  }

  #unwritable(reason: string, cause?: unknown): BenchlabError {
    const fix = 'Name a regular file in a folder that exists and that you may write to.';
    return new BenchlabError('BAD_OPTION', `${this.#name} cannot be written: ${reason}.`, fix, { cause });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
