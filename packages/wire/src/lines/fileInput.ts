import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { BenchlabError } from '@benchlab-otel/core';
import { cannotRead } from './cannotRead.ts';
import type { InputParts, LineInput } from './lineInput.ts';
import { otherOwner } from './otherOwner.ts';
import type { WriterLines } from './writerLines.ts';

/** Time between two checks for more, ns. The file is polled, because not every file system reports changes. */
const checkEveryNs = 50e6;
/**
 * After a rotation the old file is read on, because its writer may still append: until it has not grown for
 * `quietChecks` checks, at most `mostChecks` checks.
 */
const quietChecks = 10;
const mostChecks = 100;
const chunkBytes = 64 * 1024;
/** The last bytes read are kept, and compared at each check, to find out whether the file was written again. */
const tailBytes = 512;

/**
 * A regular file from its start, and what is added to it. A file that was cut, written again or replaced is read from its
 * start. Limit: a file that was written again with the same 512 bytes before the position looks like one that has grown.
 */
export class FileInput implements LineInput {
  readonly #path: string;
  readonly #parts: InputParts;
  readonly #chunk = Buffer.alloc(chunkBytes);
  #file: FileHandle | undefined;
  #lines: WriterLines;
  #position = 0;
  #tail = Buffer.alloc(0);
  #checksSinceMoved = 0;
  #checksSinceGrown = 0;
  #cancelCheck = (): void => undefined;
  #checking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(path: string, parts: InputParts) {
    this.#path = path;
    this.#parts = parts;
    this.#lines = parts.lines();
  }

  async start(): Promise<void> {
    this.#file = await openFile(this.#path);
    this.#check();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelCheck();
    await this.#checking;
    // What was written before the stop is delivered, also from a new file that has taken the name.
    await this.#readOn().catch(() => undefined);
    if (await this.#wasMoved().catch(() => false)) await this.#follow().catch(() => undefined);
    this.#lines.end();
    await this.#file?.close();
    this.#file = undefined;
  }

  #check(): void {
    this.#checking = this.#round().then(
      () => {
        if (this.#isStopped) return;
        this.#cancelCheck = this.#parts.clock.at(this.#parts.clock.nowNs() + checkEveryNs, () => this.#check());
      },
      (cause) => {
        if (!this.#isStopped) this.#parts.ended(cannotRead(this.#path, cause));
      },
    );
  }

  async #round(): Promise<void> {
    this.#checksSinceGrown = (await this.#readOn()) ? 0 : this.#checksSinceGrown + 1;
    this.#checksSinceMoved = (await this.#wasMoved()) ? this.#checksSinceMoved + 1 : 0;
    const isOver = this.#checksSinceGrown >= quietChecks || this.#checksSinceMoved >= mostChecks;
    if (this.#checksSinceMoved > 0 && isOver) await this.#follow();
  }

  /**
   * Reads up to where the file ends now. The end is fixed before reading, so that a writer that is faster than this reader
   * does not keep a check from ending. True when there was more.
   */
  async #readOn(): Promise<boolean> {
    const file = this.#file;
    if (file === undefined) return false;
    const { size } = await file.stat();
    if (size < this.#position) this.#again('was cut: it is read from its start again');
    else if (await this.#wasWrittenAgain(file)) this.#again('was written again: it is read from its start again');
    const before = this.#position;
    while (this.#position < size) {
      const wanted = Math.min(chunkBytes, size - this.#position);
      const { bytesRead } = await file.read(this.#chunk, 0, wanted, this.#position);
      if (bytesRead === 0) break;
      const bytes = this.#chunk.subarray(0, bytesRead);
      this.#tail = Buffer.concat([this.#tail, bytes]).subarray(-tailBytes);
      this.#position += bytesRead;
      this.#lines.push(bytes);
    }
    return this.#position > before;
  }

  async #wasWrittenAgain(file: FileHandle): Promise<boolean> {
    const { length } = this.#tail;
    if (length === 0) return false;
    const { bytesRead } = await file.read(this.#chunk, 0, length, this.#position - length);
    return !this.#tail.equals(this.#chunk.subarray(0, bytesRead));
  }

  /** Another file has its name, as after a rotation. */
  async #wasMoved(): Promise<boolean> {
    const found = await stat(this.#path).catch(() => undefined);
    const own = await this.#file?.stat();
    return found !== undefined && own !== undefined && (found.ino !== own.ino || found.dev !== own.dev);
  }

  async #follow(): Promise<void> {
    const next = await openFile(this.#path);
    const problem = otherOwner(this.#path, await this.#file?.stat(), await next.stat());
    if (problem !== undefined) {
      await next.close();
      throw problem;
    }
    await this.#file?.close();
    this.#file = next;
    this.#checksSinceMoved = 0;
    this.#again('was replaced: the new one is read from its start');
    await this.#readOn();
  }

  #again(what: string): void {
    this.#lines.end();
    this.#lines = this.#parts.lines();
    this.#position = 0;
    this.#tail = Buffer.alloc(0);
    this.#parts.rejections.add(`the file ${what}`);
  }
}

/** Does not wait when a FIFO has taken the place of the file. */
async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause) => {
    throw cannotRead(path, cause);
  });
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new BenchlabError(
    'BAD_OPTION',
    `${path} is not a regular file any more.`,
    'Start again to read what it is now.',
  );
}
