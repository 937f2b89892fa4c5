import { constants, writeSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { messageOf, OptionError } from '@benchlab-otel/core';
import { type OutputPath, outputPath } from '../files/outputPath.ts';
import type { LineSink } from './lineSink.ts';

// Without O_NONBLOCK, opening a FIFO without a reader would block a thread of Node's pool, and so would writing to a FIFO
// whose reader has stopped.
const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NONBLOCK;

/** Time until the next try, ms: a full pipe; a FIFO without a reader, before and after there was one; a disk without space. */
const pauses: Readonly<Record<string, number>> = { EAGAIN: 10, ENXIO: 100, EPIPE: 100, ENOSPC: 1000, EDQUOT: 1000 };

/** A file, to whose end lines are added, or a FIFO, whose readers come and go. */
export class PathSink implements LineSink {
  readonly #path: string;
  #file: FileHandle | undefined;
  #hasReader = false;
  #isClosed = false;
  #endPause: () => void = () => {};

  private constructor(path: string) {
    this.#path = path;
  }

  /** Rejects with an OptionError of `option`, which holds the reason, when nothing can be written at `path`. */
  static async open(path: string, option: string): Promise<PathSink> {
    const sink = new PathSink(path);
    try {
      const output = outputPath(path);
      const found = await stat(output.path).catch(() => undefined);
      if (found?.isSocket()) throw new Error(`it is a socket. To connect to it, write unix:${path}`);
      await sink.#begin(found?.isFile() === true && (await endsMidLine(output)));
      return sink;
    } catch (cause) {
      await sink.close();
      const allowed = `the path of a file or a FIFO that can be written, and it is not: ${messageOf(cause)}`;
      throw new OptionError({ option, value: path, allowed }, { cause });
    }
  }

  async write(bytes: Buffer): Promise<number | 'lost' | 'closed'> {
    while (!this.#isClosed) {
      try {
        const file = this.#file ?? (await this.#open());
        if (file === undefined) break;
        const { bytesWritten } = await file.write(bytes);
        this.#hasReader = true;
        if (bytesWritten > 0) return bytesWritten;
      } catch (error) {
        const code = codeOf(error);
        if (code === 'EPIPE' && this.#hasReader) {
          this.#hasReader = false;
          return 'lost';
        }
        if (code === 'EPIPE') await this.#leaveIfMoved();
        const pauseMs = pauses[code];
        if (pauseMs === undefined) throw error;
        await this.#pause(pauseMs);
      }
    }
    return 'closed';
  }

  writeSync(bytes: Buffer): number {
    let taken = 0;
    try {
      // A FIFO takes as much as it has room for.
      while (this.#file !== undefined && taken < bytes.length) taken += writeSync(this.#file.fd, bytes, taken);
    } catch (error) {
      if (!(codeOf(error) in pauses)) throw error;
    }
    return taken;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endPause();
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => {});
  }

  /** Opens the file now, so that a wrong path is reported at the start. A FIFO may still be without a reader. */
  async #begin(isMidLine: boolean): Promise<void> {
    try {
      const file = await this.#open();
      if (isMidLine) await file?.write('\n');
    } catch (error) {
      if (codeOf(error) !== 'ENXIO') throw error;
    }
  }

  /** Undefined when the sink was closed meanwhile. */
  async #open(): Promise<FileHandle | undefined> {
    const { path, noFollow, accept } = outputPath(this.#path);
    const file = await open(path, flags | noFollow, 0o600);
    const found = await file.stat();
    if (this.#isClosed) {
      await file.close().catch(() => {});
      return undefined;
    }
    try {
      accept(found);
    } catch (thrown) {
      await file.close().catch(() => {});
      throw thrown;
    }
    this.#file = file;
    return file;
  }

  /**
   * A FIFO whose reader went away stays open for the next one: closing it would end a reader that opens it in the same moment.
   * When its name leads elsewhere by now, it is opened by that name again.
   */
  async #leaveIfMoved(): Promise<void> {
    const file = this.#file;
    const [own, found] = await Promise.all([file?.stat(), stat(this.#path).catch(() => undefined)]);
    if (own?.ino === found?.ino && own?.dev === found?.dev) return;
    this.#file = undefined;
    await file?.close().catch(() => {});
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The program that wrote the file before was cut off within a line. */
async function endsMidLine({ path, noFollow }: OutputPath): Promise<boolean> {
  // O_NONBLOCK: a FIFO that has taken the name in between would block.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | noFollow);
  try {
    const { size } = await file.stat();
    if (size === 0) return false;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== 0x0a;
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
