import { constants, fstatSync, open, type Stats, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { BenchlabError } from '@benchlab-otel/core';
import { cannotRead } from './cannotRead.ts';
import type { InputParts, LineInput } from './lineInput.ts';
import { otherOwner } from './otherOwner.ts';
import { settle } from './settle.ts';
import type { WriterLines } from './writerLines.ts';

/** Time between two checks whether another FIFO has taken the name, ns. */
const checkEveryNs = 1e9;

interface Opened {
  readonly socket: Socket;
  readonly lines: WriterLines;
  readonly file: Stats;
}

/**
 * A FIFO whose writers come and go, and which may be removed and made again. It is not opened for writing too: that would
 * be simpler, but would hide where one writer ended, so that half a line of it would spoil the first line of the next.
 */
export class FifoInput implements LineInput {
  readonly #path: string;
  readonly #parts: InputParts;
  /** The latest, and those whose writers have not ended yet. */
  readonly #opened = new Set<Opened>();
  #latest: Opened | undefined;
  #cancelCheck = (): void => undefined;
  #isStopped = false;

  constructor(path: string, parts: InputParts) {
    this.#path = path;
    this.#parts = parts;
  }

  async start(): Promise<void> {
    await this.#open();
    this.#checkLater();
  }

  async stop(): Promise<void> {
    this.#cancelCheck();
    await settle();
    this.#isStopped = true;
    await Promise.all([...this.#opened].map((each) => this.#close(each)));
  }

  /** Without O_NONBLOCK, opening would wait for a writer in a thread of the pool, and could not be cancelled. */
  async #open(): Promise<void> {
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    const fd = await promisify(open)(this.#path, flags).catch((cause) => {
      throw cannotRead(this.#path, cause);
    });
    const file = fstatSync(fd);
    // Stays open at its end until the next one is open.
    const socket = new Socket({ fd, readable: true, writable: false, allowHalfOpen: true });
    const opened = { socket, file, lines: this.#parts.lines() };
    const problem = file.isFIFO() ? otherOwner(this.#path, this.#latest?.file, file) : notFifo(this.#path);
    if (this.#isStopped || problem !== undefined) {
      socket.destroy();
      if (problem !== undefined && !this.#isStopped) throw problem;
      return;
    }
    // A FIFO that no writer ever opened never ends by itself.
    for (const each of this.#opened) if (each !== this.#latest) void this.#close(each);
    this.#latest = opened;
    this.#opened.add(opened);
    this.#read(opened);
  }

  #read(opened: Opened): void {
    const { socket, lines } = opened;
    socket.on('data', (bytes) => lines.push(bytes));
    socket.on('error', (cause) => this.#fail(cannotRead(this.#path, cause)));
    socket.on('end', () => {
      if (this.#isStopped) return;
      // Open the next one before closing this one: bytes that the next writer has already written stay in the pipe.
      const opening = this.#latest === opened ? this.#open() : Promise.resolve();
      opening.then(
        () => void this.#close(opened),
        (cause) => this.#fail(cause),
      );
    });
  }

  async #close(opened: Opened): Promise<void> {
    if (!this.#opened.delete(opened)) return;
    const closed = new Promise((resolve) => opened.socket.once('close', resolve));
    opened.socket.destroy();
    opened.lines.end();
    await closed;
  }

  #checkLater(): void {
    if (this.#isStopped) return;
    const { clock } = this.#parts;
    this.#cancelCheck = clock.at(clock.nowNs() + checkEveryNs, () => {
      this.#check().then(
        () => this.#checkLater(),
        (cause) => this.#fail(cause),
      );
    });
  }

  /** Writers of the FIFO that was removed may still write; later writers open the new one. */
  async #check(): Promise<void> {
    const found = statSync(this.#path, { throwIfNoEntry: false });
    const own = this.#latest?.file;
    if (found === undefined || own === undefined || (found.ino === own.ino && found.dev === own.dev)) return;
    if (!found.isFIFO()) throw notFifo(this.#path);
    await this.#open();
  }

  #fail(error: BenchlabError): void {
    if (!this.#isStopped) this.#parts.ended(error);
  }
}

function notFifo(path: string): BenchlabError {
  return new BenchlabError('BAD_OPTION', `${path} is not a FIFO any more.`, 'Start again to read what it is now.');
}
