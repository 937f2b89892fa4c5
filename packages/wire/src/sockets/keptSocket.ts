import { createServer, type Server, type Socket } from 'node:net';
import { BenchlabError, type Clock } from '@benchlab-otel/core';
import { SocketFile } from './socketFile.ts';
import { listenOnUnixSocket } from './unixSocket.ts';

export interface KeptSocketOptions {
  readonly path: string;
  /** What to choose instead, for errors: `another path: --socket PATH`. */
  readonly otherPath: string;
  readonly clock: Clock;
  /** Called with each connection. */
  connected(socket: Socket): void;
  /**
   * Called once each time that programs can connect no more: another process has taken the path, or listening there again
   * failed. It is tried again until `stop`.
   */
  lost(error: BenchlabError): void;
}

/** Time between two checks whether the file is still there, ns: without it no program can connect. */
const checkEveryNs = 1e9;

/**
 * A Unix socket on which this process listens. Its file is made again when it was removed; connections stay. A file that
 * another process has put there is left alone, also at the end.
 */
export class KeptSocket {
  readonly #options: KeptSocketOptions;
  #server: Server | undefined;
  #file: SocketFile | undefined;
  #cancelCheck = (): void => undefined;
  #checking: Promise<void> = Promise.resolve();
  #isLost = false;
  #isStopped = false;

  constructor(options: KeptSocketOptions) {
    this.#options = options;
  }

  /** Resolves when programs can connect. Rejects with a BenchlabError: see `listenOnUnixSocket`. */
  async start(): Promise<void> {
    await this.#listen();
    this.#checkLater();
  }

  /** No connection comes any more, and the file is gone. Resolves when all connections have ended. Safe repeated. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelCheck();
    await this.#checking;
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await this.#file?.close(server);
  }

  async #listen(): Promise<void> {
    const { path, otherPath, connected } = this.#options;
    const server = createServer(connected);
    await listenOnUnixSocket(server, path, otherPath);
    this.#server = server;
    this.#file = new SocketFile(path);
  }

  #checkLater(): void {
    const { clock } = this.#options;
    if (this.#isStopped) return;
    this.#cancelCheck = clock.at(clock.nowNs() + checkEveryNs, () => {
      this.#checking = this.#check();
    });
  }

  async #check(): Promise<void> {
    const { path, otherPath } = this.#options;
    const state = this.#file?.state;
    if (state === 'theirs') {
      const what = `Another process has put a file of its own at ${path}.`;
      this.#lose(new BenchlabError('PORT_IN_USE', what, `Choose ${otherPath} for one of the two.`));
    } else if (state !== 'own') await this.#listenAgain();
    this.#checkLater();
  }

  async #listenAgain(): Promise<void> {
    const before = this.#server;
    this.#server = undefined;
    // What is connected stays connected.
    if (before !== undefined) void this.#file?.close(before);
    try {
      await this.#listen();
      this.#isLost = false;
    } catch (error) {
      this.#lose(error as BenchlabError); // what listening throws
    }
  }

  #lose(error: BenchlabError): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#options.lost(error);
  }
}
