import { type FileHandle, open, stat } from 'node:fs/promises';
import type { StageLines } from '../stageLines.ts';
import { cannotRead } from './cannotRead.ts';
import type { InputParts, StageInput } from './stageInput.ts';

/** How often it is looked for more, ns. The file system is asked, as notices of changes do not come from every one. */
const lookEveryNs = 50e6;
const chunkBytes = 64 * 1024;

/** A regular file from its start, and what is added to it. One that was cut or replaced is read from its start again. */
export class FileInput implements StageInput {
  readonly #path: string;
  readonly #parts: InputParts;
  readonly #chunk = Buffer.alloc(chunkBytes);
  #file: FileHandle | undefined;
  #lines: StageLines;
  #position = 0;
  #cancelLook = (): void => undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(path: string, parts: InputParts) {
    this.#path = path;
    this.#parts = parts;
    this.#lines = parts.lines();
  }

  async start(): Promise<void> {
    this.#file = await open(this.#path, 'r').catch((cause) => {
      throw cannotRead(this.#path, cause);
    });
    this.#look();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelLook();
    await this.#looking;
    // What was written before the stop belongs to the recording.
    await this.#readOn().catch(() => undefined);
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
    await this.#readOn();
    await this.#followReplacement();
  }

  async #readOn(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    if ((await file.stat()).size < this.#position) this.#again('was cut: it is read from its start again');
    for (;;) {
      const { bytesRead } = await file.read(this.#chunk, 0, chunkBytes, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      this.#lines.push(this.#chunk.subarray(0, bytesRead));
    }
  }

  /** Another file has its name, as after a rotation. */
  async #followReplacement(): Promise<void> {
    const there = await stat(this.#path).catch(() => undefined);
    const open_ = await this.#file?.stat();
    if (there === undefined || open_ === undefined) return;
    if (there.ino === open_.ino && there.dev === open_.dev) return;
    const next = await open(this.#path, 'r');
    await this.#file?.close();
    this.#file = next;
    this.#again('was replaced: the new one is read from its start');
  }

  #again(what: string): void {
    this.#lines.end();
    this.#lines = this.#parts.lines();
    this.#position = 0;
    this.#parts.rejections.add(`the file ${what}`);
  }
}
