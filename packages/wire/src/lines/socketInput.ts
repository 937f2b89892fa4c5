import { lstatSync, renameSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { BenchlabError } from '@benchlab-otel/core';
import { listenOnUnixSocket } from '../sockets/unixSocket.ts';
import type { StageLines } from '../stages/stageLines.ts';
import { settle } from './settle.ts';
import type { InputParts, StageInput } from './stageInput.ts';

/** Writers at a time; further ones are refused and counted. */
const maxWriters = 64;
/** How often it is looked whether the file is there still, ns: without it nobody can connect. */
const lookEveryNs = 1e9;

/** A Unix socket that this process listens on, open to its owner and group. Its file is made again where it was removed. */
export class SocketInput implements StageInput {
  readonly #path: string;
  readonly #parts: InputParts;
  readonly #writers = new Map<Socket, StageLines>();
  #server: Server | undefined;
  #inode: number | undefined;
  #cancelLook = (): void => undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(path: string, parts: InputParts) {
    this.#path = path;
    this.#parts = parts;
  }

  async start(): Promise<void> {
    await this.#listen();
    this.#lookLater();
  }

  async stop(): Promise<void> {
    this.#cancelLook();
    await this.#looking;
    const server = this.#server;
    if (server === undefined) return;
    await settle();
    this.#server = undefined;
    const closed = this.#close(server);
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
    this.#inode = inodeAt(this.#path);
  }

  /** Closing removes the file at the path (libuv), whoever's it is by now: that of another process is held aside meanwhile. */
  #close(server: Server): Promise<void> {
    const inode = inodeAt(this.#path);
    const isTheirs = inode !== undefined && inode !== this.#inode;
    const aside = `${this.#path}.${process.pid}`;
    if (isTheirs) renameSync(this.#path, aside);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if (isTheirs) renameSync(aside, this.#path);
    return closed;
  }

  #lookLater(): void {
    const { clock } = this.#parts;
    this.#cancelLook = clock.at(clock.nowNs() + lookEveryNs, () => {
      this.#looking = this.#look();
    });
  }

  async #look(): Promise<void> {
    const inode = inodeAt(this.#path);
    if (inode === this.#inode) return this.#lookLater();
    if (inode !== undefined) {
      const what = `Another process has put a file of its own at ${this.#path}.`;
      this.#parts.ended(new BenchlabError('PORT_IN_USE', what, 'Choose another path for one of the two.'));
      return;
    }
    try {
      // Writers that are connected stay so.
      if (this.#server !== undefined) void this.#close(this.#server);
      await this.#listen();
      this.#lookLater();
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
    // A writer that was killed: what it wrote counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#writers.delete(socket)) lines.end();
    });
  }
}

function inodeAt(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino;
}
