import { randomUUID } from 'node:crypto';
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

  /**
   * Whether the file at the path is still this one: without it no program can connect.
   *
   * @throws Error of the system where this user may not look, or the path leads through something that is not a folder
   */
  state(): 'own' | 'gone' | 'theirs' {
    const inode = inodeAt(this.#path);
    if (inode === undefined) return 'gone';
    return inode === this.#inode ? 'own' : 'theirs';
  }

  /**
   * Closing removes the file at the path (libuv), also one of another process: that one is moved aside meanwhile. Where the
   * system does not let this user move it, it does not let libuv remove it either. Never rejects.
   */
  close(server: Server): Promise<void> {
    // A name that no other program knows, so that it can put nothing there first.
    const aside = `${this.#path}.${randomUUID()}`;
    const isMoved = this.#isTheirs() && isRenamed(this.#path, aside);
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    if (isMoved) isRenamed(aside, this.#path);
    return closed;
  }

  #isTheirs(): boolean {
    try {
      return this.state() === 'theirs';
    } catch {
      return false;
    }
  }
}

function inodeAt(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino;
}

function isRenamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}
