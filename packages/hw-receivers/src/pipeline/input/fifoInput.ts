import { constants, open } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { cannotRead } from './cannotRead.ts';
import type { InputParts, StageInput } from './stageInput.ts';

/**
 * A FIFO whose writers come and go. Not opened for writing too, which would be simpler and would hide where one writer
 * ended: half a line of it would take the first line of the next one along.
 */
export class FifoInput implements StageInput {
  readonly #path: string;
  readonly #parts: InputParts;
  #socket: Socket | undefined;

  constructor(path: string, parts: InputParts) {
    this.#path = path;
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#listen(await this.#open());
  }

  async stop(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    await closed;
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    const lines = this.#parts.lines();
    const isCurrent = () => this.#socket === socket;
    socket.on('data', (bytes) => {
      if (isCurrent()) lines.push(bytes);
    });
    socket.on('error', (cause) => {
      if (isCurrent()) this.#parts.ended(cannotRead(this.#path, cause));
    });
    socket.on('end', () => {
      if (!isCurrent()) return;
      lines.end();
      // Opened again before it is closed: what the next writer has written by then stays in the pipe.
      this.#open().then(
        (next) => {
          if (isCurrent()) this.#listen(next);
          else next.destroy();
          socket.destroy();
        },
        (cause) => {
          if (isCurrent()) this.#parts.ended(cause);
        },
      );
    });
  }

  /** Without O_NONBLOCK opening would wait for a writer, in a thread of the pool, and could not be given up. */
  async #open(): Promise<Socket> {
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    const fd = await promisify(open)(this.#path, flags).catch((cause) => {
      throw cannotRead(this.#path, cause);
    });
    // Stays open at its end until the next one is there.
    return new Socket({ fd, readable: true, writable: false, allowHalfOpen: true });
  }
}
