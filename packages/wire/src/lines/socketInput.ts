import { createServer, type Server, type Socket } from 'node:net';
import { BenchlabError } from '@benchlab-otel/core';
import { SocketFile } from '../sockets/socketFile.ts';
import { listenOnUnixSocket } from '../sockets/unixSocket.ts';
import type { InputParts, LineInput } from './lineInput.ts';
import { settle } from './settle.ts';
import type { WriterLines } from './writerLines.ts';

/** Writers connected at one time; further ones are refused and counted. */
const maxWriters = 64;
/** Time between two checks whether the file still exists, ns: without it no program can connect. */
const checkEveryNs = 1e9;

/** A Unix socket on which this process listens, open to its owner and group. Its file is made again when it was removed. */
export class SocketInput implements LineInput {
  readonly #path: string;
  readonly #parts: InputParts;
  readonly #writers = new Map<Socket, WriterLines>();
  #server: Server | undefined;
  #file: SocketFile | undefined;
  #cancelCheck = (): void => undefined;
  #checking: Promise<void> = Promise.resolve();

  constructor(path: string, parts: InputParts) {
    this.#path = path;
    this.#parts = parts;
  }

  async start(): Promise<void> {
    await this.#listen();
    this.#checkLater();
  }

  async stop(): Promise<void> {
    this.#cancelCheck();
    await this.#checking;
    const server = this.#server;
    if (server === undefined) return;
    await settle();
    this.#server = undefined;
    const closed = this.#file?.close(server);
    for (const [socket, lines] of this.#writers) {
      socket.destroy();
      lines.end();
    }
    this.#writers.clear();
    await closed;
  }

  async #listen(): Promise<void> {
    const server = createServer((socket) => this.#take(socket));
    await listenOnUnixSocket(server, this.#path, 'another path');
    this.#server = server;
    this.#file = new SocketFile(this.#path);
  }

  #checkLater(): void {
    const { clock } = this.#parts;
    this.#cancelCheck = clock.at(clock.nowNs() + checkEveryNs, () => {
      this.#checking = this.#check();
    });
  }

  async #check(): Promise<void> {
    const state = this.#file?.state;
    if (state === 'own') return this.#checkLater();
    if (state === 'theirs') {
      const what = `Another process has put a file of its own at ${this.#path}.`;
      this.#parts.ended(new BenchlabError('PORT_IN_USE', what, 'Choose another path for one of the two.'));
      return;
    }
    try {
      // Writers that are connected stay connected.
      if (this.#server !== undefined) void this.#file?.close(this.#server);
      await this.#listen();
      this.#checkLater();
    } catch (error) {
      this.#parts.ended(error as BenchlabError); // what listening throws
    }
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
