import { lstatSync, renameSync } from 'node:fs';
import type { Server } from 'node:net';

/** The file of a Unix socket on which this process listens. Make it as soon as the server listens. */
export class SocketFile {
  readonly #path: string;
  readonly #inode: number | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#inode = inodeAt(path);
  }

  /** Whether the file at the path is still this one: without it no program can connect. */
  get state(): 'own' | 'gone' | 'theirs' {
    const inode = inodeAt(this.#path);
    if (inode === undefined) return 'gone';
    return inode === this.#inode ? 'own' : 'theirs';
  }

  /** Closing removes the file at the path (libuv), also one of another process: that one is moved aside meanwhile. */
  close(server: Server): Promise<void> {
    const isTheirs = this.state === 'theirs';
    const aside = `${this.#path}.${process.pid}`;
    if (isTheirs) renameSync(this.#path, aside);
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    if (isTheirs) renameSync(aside, this.#path);
    return closed;
  }
}

function inodeAt(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino;
}
