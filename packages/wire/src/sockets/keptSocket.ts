import { createServer, type Server, type Socket } from 'node:net';
import { BenchlabError, type Clock, messageOf } from '@benchlab-otel/core';
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

  /** Never rejects: what keeps this process from its file is reported, and tried again. */
  async #check(): Promise<void> {
    try {
      await this.#restore();
      this.#isLost = false;
    } catch (thrown) {
      this.#lose(thrown instanceof BenchlabError ? thrown : this.#outOfReach(thrown));
    }
    this.#checkLater();
  }

  async #restore(): Promise<void> {
    const { path, otherPath } = this.#options;
    const state = this.#file?.state();
    if (state === 'theirs') {
      const what = `Another process has put a file of its own at ${path}.`;
      throw new BenchlabError('PORT_IN_USE', what, `Choose ${otherPath} for one of the two.`);
    }
    if (state === 'own') return;
    const before = this.#server;
    this.#server = undefined;
    // What is connected stays connected.
    if (before !== undefined) void this.#file?.close(before);
    await this.#listen();
  }

  #outOfReach(cause: unknown): BenchlabError {
    const { path, otherPath } = this.#options;
    const what = `This process cannot reach its socket ${path} any more: ${messageOf(cause)}.`;
    const fix = `Give it back its folder, or choose ${otherPath}. It is tried again.`;
    return new BenchlabError('NO_PERMISSION', what, fix, { cause });
  }

  #lose(error: BenchlabError): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#options.lost(error);
  }
}
