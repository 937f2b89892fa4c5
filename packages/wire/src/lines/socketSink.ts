import { connect, type Socket } from 'node:net';
import { createReport, messageOf, OptionError, type Report } from '@benchlab-otel/core';
import { checkSocketPath } from '../sockets/socketPath.ts';
import { checkFolders, checkOwner } from '../sockets/trustedFolder.ts';
import type { LineSink } from './lineSink.ts';

/** Time until the next try to connect, ms. */
const pauseMs = 250;
const otherPath = 'another path';

/**
 * A Unix socket on which another program listens. It is connected to when the first bytes come, and again when that program
 * was started again. What the kernel holds for a reader when it dies is lost, some 200 kB at most, and no writer can know of it.
 */
export class SocketSink implements LineSink {
  readonly #path: string;
  readonly #report: Report;
  #socket: Socket | undefined;
  #isClosed = false;
  /** Ends the wait for a reader, or for room. */
  #wake: () => void = () => undefined;

  private constructor(path: string) {
    this.#path = path;
    this.#report = createReport(`unix:${path}`);
  }

  /** A program that does not listen yet is no fault. @throws OptionError of `option` for a path that no socket can have, or that any user could replace */
  static open(path: string, option: string): SocketSink {
    checkSocketPath(path, option, 'unix:');
    try {
      checkFolders(path, otherPath);
    } catch (cause) {
      const allowed = `the path of a Unix socket that can be trusted, and it is not: ${messageOf(cause)}`;
      throw new OptionError({ option, value: `unix:${path}`, allowed }, { cause });
    }
    return new SocketSink(path);
  }

  async write(bytes: Buffer): Promise<number | 'lost' | 'closed'> {
    const socket = await this.#connected();
    if (socket === undefined) return 'closed';
    const isTaken = await new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(false);
      socket.once('close', this.#wake);
      socket.write(bytes, (error) => resolve(error == null));
    });
    socket.off('close', this.#wake);
    if (isTaken) return bytes.length;
    if (this.#isClosed) return 'closed';
    this.#forget(socket);
    await this.#pause();
    return 'lost';
  }

  /** A socket of Node takes bytes in its own time alone. */
  writeSync(): number {
    return 0;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#wake();
    if (socket === undefined) return;
    // The kernel has all that was taken, and delivers it after the end.
    await new Promise<void>((resolve) => socket.once('close', resolve).destroy());
  }

  /** Undefined once it is closed. */
  async #connected(): Promise<Socket | undefined> {
    while (!this.#isClosed) {
      if (this.#socket !== undefined) return this.#socket;
      try {
        await this.#connect();
      } catch (error) {
        this.#report('No program takes the lines there. They wait, and it is tried again.', error);
        await this.#pause();
      }
    }
    return undefined;
  }

  #connect(): Promise<void> {
    checkFolders(this.#path, otherPath);
    checkOwner(this.#path, otherPath);
    return new Promise((resolve, reject) => {
      const socket = connect(this.#path);
      // The program may end while its last events wait: `close` of the writer gives them their time.
      socket.unref();
      socket.once('connect', () => {
        if (this.#isClosed) socket.destroy();
        else this.#socket = socket;
        resolve();
      });
      socket.on('error', reject);
      socket.on('close', () => this.#forget(socket));
      // What a reader sends is not read by anything: it must not fill its place.
      socket.resume();
    });
  }

  #forget(socket: Socket): void {
    socket.destroy();
    if (this.#socket === socket) this.#socket = undefined;
  }

  async #pause(): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
