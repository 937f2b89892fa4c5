import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { BenchlabError } from '@benchlab-otel/core';
import type { StageLines } from '../stages/stageLines.ts';
import { cannotRead } from './cannotRead.ts';
import type { InputParts, StageInput } from './stageInput.ts';

/** How often it is looked for more, ns. The file system is asked, as notices of changes do not come from every one. */
const lookEveryNs = 50e6;
/** A file that was moved away is left when it has not grown for so many looks, or after so many: its writer may go on. */
const quietLooks = 10;
const mostLooks = 100;
const chunkBytes = 64 * 1024;
/** Of what was read last, to see whether something else was written in its place. */
const tailBytes = 512;

/**
 * A regular file from its start, and what is added to it. One that was cut, written anew or replaced is read from its start
 * again; written anew with the same 512 bytes before where it was read to, it cannot be told from one that has grown.
 */
export class FileInput implements StageInput {
  readonly #path: string;
  readonly #parts: InputParts;
  readonly #chunk = Buffer.alloc(chunkBytes);
  #file: FileHandle | undefined;
  #lines: StageLines;
  #position = 0;
  #tail = Buffer.alloc(0);
  #looksSinceMoved = 0;
  #looksSinceGrown = 0;
  #cancelLook = (): void => undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(path: string, parts: InputParts) {
    this.#path = path;
    this.#parts = parts;
    this.#lines = parts.lines();
  }

  async start(): Promise<void> {
    this.#file = await openFile(this.#path);
    this.#look();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelLook();
    await this.#looking;
    // What was written before the stop belongs to the recording, in the file that has the name now as well.
    await this.#readOn().catch(() => undefined);
    if (await this.#wasMoved().catch(() => false)) await this.#follow().catch(() => undefined);
    this.#lines.end();
    await this.#file?.close();
    this.#file = undefined;
  }

  #look(): void {
    this.#looking = this.#round().then(
      () => {
        if (this.#isStopped) return;
        this.#cancelLook = this.#parts.clock.at(this.#parts.clock.nowNs() + lookEveryNs, () => this.#look());
      },
      (cause) => {
        if (!this.#isStopped) this.#parts.ended(cannotRead(this.#path, cause));
      },
    );
  }

  async #round(): Promise<void> {
    this.#looksSinceGrown = (await this.#readOn()) ? 0 : this.#looksSinceGrown + 1;
    this.#looksSinceMoved = (await this.#wasMoved()) ? this.#looksSinceMoved + 1 : 0;
    const isLeft = this.#looksSinceGrown >= quietLooks || this.#looksSinceMoved >= mostLooks;
    if (this.#looksSinceMoved > 0 && isLeft) await this.#follow();
  }

  /** Up to where the file ends now: whoever writes faster than this reads does not hold a look up. True when there was more. */
  async #readOn(): Promise<boolean> {
    const file = this.#file;
    if (file === undefined) return false;
    const { size } = await file.stat();
    if (size < this.#position) this.#again('was cut: it is read from its start again');
    else if (await this.#wasWrittenAnew(file)) this.#again('was written anew: it is read from its start again');
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

  async #wasWrittenAnew(file: FileHandle): Promise<boolean> {
    const { length } = this.#tail;
    if (length === 0) return false;
    const { bytesRead } = await file.read(this.#chunk, 0, length, this.#position - length);
    return !this.#tail.equals(this.#chunk.subarray(0, bytesRead));
  }

  /** Another file has its name, as after a rotation. */
  async #wasMoved(): Promise<boolean> {
    const there = await stat(this.#path).catch(() => undefined);
    const own = await this.#file?.stat();
    return there !== undefined && own !== undefined && (there.ino !== own.ino || there.dev !== own.dev);
  }

  async #follow(): Promise<void> {
    const next = await openFile(this.#path);
    await this.#file?.close();
    this.#file = next;
    this.#looksSinceMoved = 0;
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

/** A FIFO that has come in its place is not waited for. */
async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause) => {
    throw cannotRead(path, cause);
  });
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new BenchlabError('BAD_OPTION', `${path} is no regular file any more.`, 'Start again, to read what it is now.');
}
