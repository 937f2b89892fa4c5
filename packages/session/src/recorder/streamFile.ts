import { constants } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../folder/wholeFile.ts';

/** What a stream needs of a file that is open. */
export type StreamHandle = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close' | 'stat'>;
/** Opens or makes the file of a stream for writing, and keeps what it holds. */
export type OpenStream = (path: string) => Promise<StreamHandle>;

export interface StreamFileOptions {
  readonly folder: string;
  /** `pipeline` for `pipeline.jsonl`. */
  readonly stream: string;
  /** A segment of this size is closed, and named `pipeline.N.jsonl`. Default: one segment. */
  readonly segmentBytes?: number;
  /** Number of the next segment that is closed. Default 1. */
  readonly nextSegment?: number;
  /** A segment was closed, and may be packed. */
  readonly onClosed?: (path: string) => void;
  readonly openStream?: OpenStream;
}

/** Others of the group may read a session; it can show what programs do. */
const mode = 0o640;

/** The file of one stream. Lines wait in memory until `flush`, and are on the disk when that resolves. */
export class StreamFile {
  /** Characters of the lines that wait. */
  waitingSize = 0;
  readonly #options: StreamFileOptions;
  readonly #path: string;
  #waiting: string[] = [];
  #handle: StreamHandle | undefined;
  #position = 0;
  #nextSegment: number;

  constructor(options: StreamFileOptions) {
    this.#options = options;
    this.#nextSegment = options.nextSegment ?? 1;
    this.#path = join(options.folder, `${options.stream}.jsonl`);
  }

  add(line: string): void {
    this.#waiting.push(line);
    this.waitingSize += line.length + 1;
  }

  /**
   * Writes what waits. When it rejects, the file ends with a whole line, and the lines wait on. Not called while it runs.
   *
   * @throws the error of the disk
   */
  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const handle = await this.#opened();
    const lines = this.#waiting;
    const size = this.waitingSize;
    this.#waiting = [];
    try {
      await this.#write(handle, Buffer.from(`${lines.join('\n')}\n`));
      this.waitingSize -= size;
    } catch (error) {
      this.#waiting = [...lines, ...this.#waiting];
      throw error;
    }
    const { segmentBytes = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#position >= segmentBytes) await this.#nextFile();
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #write(handle: StreamHandle, bytes: Buffer): Promise<void> {
    try {
      for (let written = 0; written < bytes.length; ) {
        const at = this.#position + written;
        written += (await handle.write(bytes, written, bytes.length - written, at)).bytesWritten;
      }
      await handle.datasync();
    } catch (error) {
      await handle.truncate(this.#position).catch(() => undefined);
      throw error;
    }
    this.#position += bytes.length;
  }

  async #opened(): Promise<StreamHandle> {
    if (this.#handle !== undefined) return this.#handle;
    const { openStream = openAppending, folder } = this.#options;
    const handle = await openStream(this.#path);
    this.#handle = handle;
    this.#position = (await handle.stat()).size;
    await syncFolder(folder);
    return handle;
  }

  async #nextFile(): Promise<void> {
    const { folder, stream, onClosed } = this.#options;
    await this.close();
    const closed = join(folder, `${stream}.${this.#nextSegment}.jsonl`);
    await rename(this.#path, closed);
    this.#nextSegment++;
    onClosed?.(closed);
  }
}

function openAppending(path: string): Promise<FileHandle> {
  // No link is followed: another could have put it there.
  return open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, mode);
}
