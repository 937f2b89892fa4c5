import { createServer, type Server, type Socket } from 'node:net';
import { listenOnUnixSocket } from '../../transport/unixSocket.ts';
import type { InputParts, StageInput } from './stageInput.ts';

/** Writers at a time; further ones are refused and counted. */
const maxWriters = 64;

/** A Unix socket that this process listens on, open to its owner and group. */
export class SocketInput implements StageInput {
  readonly #path: string;
  readonly #parts: InputParts;
  readonly #writers = new Set<Socket>();
  #server: Server | undefined;

  constructor(path: string, parts: InputParts) {
    this.#path = path;
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const server = createServer((socket) => this.#take(socket));
    this.#server = server;
    await listenOnUnixSocket(server, this.#path, 'another path');
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const socket of this.#writers) socket.destroy();
    await closed;
  }

  #take(socket: Socket): void {
    if (this.#writers.size >= maxWriters) {
      this.#parts.rejections.add(`more than ${maxWriters} writers at a time`);
      socket.destroy();
      return;
    }
    this.#writers.add(socket);
    const lines = this.#parts.lines();
    socket.on('data', (bytes) => {
      if (this.#server !== undefined) lines.push(bytes);
    });
    // A writer that was killed: what it wrote counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#writers.delete(socket);
      if (this.#server !== undefined) lines.end();
    });
  }
}
