import type { Socket } from 'node:net';
import { KeptSocket } from '../sockets/keptSocket.ts';
import type { InputParts, LineInput } from './lineInput.ts';
import { settle } from './settle.ts';
import type { WriterLines } from './writerLines.ts';

/** Writers connected at one time; further ones are refused and counted. */
const maxWriters = 64;

/** A Unix socket on which this process listens, open to its owner and group. Its file is made again when it was removed. */
export class SocketInput implements LineInput {
  readonly #parts: InputParts;
  readonly #writers = new Map<Socket, WriterLines>();
  readonly #socket: KeptSocket;

  constructor(path: string, parts: InputParts) {
    this.#parts = parts;
    this.#socket = new KeptSocket({
      path,
      otherPath: 'another path',
      clock: parts.clock,
      connected: (socket) => this.#take(socket),
      lost: (error) => {
        void this.#socket.stop();
        parts.ended(error);
      },
    });
  }

  start(): Promise<void> {
    return this.#socket.start();
  }

  async stop(): Promise<void> {
    await settle();
    const closed = this.#socket.stop();
    for (const [socket, lines] of this.#writers) {
      socket.destroy();
      lines.end();
    }
    this.#writers.clear();
    await closed;
  }

  #take(socket: Socket): void {
    if (this.#writers.size >= maxWriters) {
      this.#parts.rejections.add(`more than ${maxWriters} writers at a time`);
      socket.destroy();
      return;
    }
    const lines = this.#parts.lines();
    this.#writers.set(socket, lines);
    socket.on('data', (bytes) => {
      if (this.#writers.has(socket)) lines.push(bytes);
    });
    // An error means that the writer was killed. What it wrote counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#writers.delete(socket)) lines.end();
    });
  }
}
