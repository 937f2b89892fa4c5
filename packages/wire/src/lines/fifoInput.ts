import { constants, fstatSync, open, type Stats, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { BenchlabError } from '@benchlab-otel/core';
import type { StageLines } from '../stages/stageLines.ts';
import { cannotRead } from './cannotRead.ts';
import { settle } from './settle.ts';
import type { InputParts, StageInput } from './stageInput.ts';

/** How often it is looked whether another FIFO has taken the name, ns. */
const lookEveryNs = 1e9;

interface Opened {
  readonly socket: Socket;
  readonly lines: StageLines;
  readonly file: Stats;
}

/**
 * A FIFO whose writers come and go, and which may be made anew. Not opened for writing too, which would be simpler and
 * would hide where one writer ended: half a line of it would take the first line of the next one along.
 */
export class FifoInput implements StageInput {
  readonly #path: string;
  readonly #parts: InputParts;
  /** The latest, and those whose writers have not ended. */
  readonly #opened = new Set<Opened>();
  #latest: Opened | undefined;
  #cancelLook = (): void => undefined;
  #isStopped = false;

  constructor(path: string, parts: InputParts) {
    this.#path = path;
    this.#parts = parts;
  }

  async start(): Promise<void> {
    await this.#open();
    this.#lookLater();
  }

  async stop(): Promise<void> {
    this.#cancelLook();
    await settle();
    this.#isStopped = true;
    await Promise.all([...this.#opened].map((each) => this.#close(each)));
  }

  /** Without O_NONBLOCK opening would wait for a writer, in a thread of the pool, and could not be given up. */
  async #open(): Promise<void> {
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    const fd = await promisify(open)(this.#path, flags).catch((cause) => {
      throw cannotRead(this.#path, cause);
    });
    const file = fstatSync(fd);
    // Stays open at its end until the next one is there.
    const socket = new Socket({ fd, readable: true, writable: false, allowHalfOpen: true });
    const opened = { socket, file, lines: this.#parts.lines() };
    if (this.#isStopped || !file.isFIFO()) {
      socket.destroy();
      if (!this.#isStopped) throw noFifo(this.#path);
      return;
    }
    // One that no writer has ever opened has no end.
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
      // Opened again before it is closed: what the next writer has written by then stays in the pipe.
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

  #lookLater(): void {
    if (this.#isStopped) return;
    const { clock } = this.#parts;
    this.#cancelLook = clock.at(clock.nowNs() + lookEveryNs, () => {
      this.#look().then(
        () => this.#lookLater(),
        (cause) => this.#fail(cause),
      );
    });
  }

  /** Writers of the one that was removed may still write; those to come open the new one. */
  async #look(): Promise<void> {
    const there = statSync(this.#path, { throwIfNoEntry: false });
    const own = this.#latest?.file;
    if (there === undefined || own === undefined || (there.ino === own.ino && there.dev === own.dev)) return;
    if (!there.isFIFO()) throw noFifo(this.#path);
    await this.#open();
  }

  #fail(error: BenchlabError): void {
    if (!this.#isStopped) this.#parts.ended(error);
  }
}

function noFifo(path: string): BenchlabError {
  return new BenchlabError('BAD_OPTION', `${path} is no FIFO any more.`, 'Start again, to read what it is now.');
}
