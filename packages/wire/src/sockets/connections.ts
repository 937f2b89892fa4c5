import type { Socket } from 'node:net';

interface Connection {
  readonly peer: string;
  isProven: boolean;
  /** A request of it is under way. */
  works: boolean;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The accepted connections of a server, of which no one can hold a place for ever. Where there is no room for a further
 * one, another is closed: the oldest of the peer that has the most. One that has proved who it is goes after all others, and of
 * these one with a request under way after those without.
 */
export class Connections {
  /** Connections that were closed to make room for others. */
  closedForOthers = 0;
  /** Those of them that had proved who they are. */
  provenClosedForOthers = 0;
  readonly #most: number;
  /** The oldest first. */
  readonly #open = new Map<Socket, Connection>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#open.size;
  }

  /** @param withinMs the connection is closed after this time unless `works` or `waits` is called before */
  add(socket: Socket, withinMs?: number): void {
    if (this.#open.size >= this.#most) this.#makeRoom();
    this.#open.set(socket, { peer: socket.remoteAddress ?? '', isProven: false, works: false, timer: undefined });
    socket.on('close', () => {
      clearTimeout(this.#open.get(socket)?.timer);
      this.#open.delete(socket);
    });
    if (withinMs !== undefined) this.waits(socket, withinMs);
  }

  /** Its peer has the right to be here. */
  proven(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection !== undefined) connection.isProven = true;
  }

  isProven(socket: Socket): boolean {
    return this.#open.get(socket)?.isProven === true;
  }

  /** A request is under way. @param withinMs without it, there is no deadline for the connection */
  works(socket: Socket, withinMs?: number): void {
    this.#set(socket, true, withinMs);
  }

  /** The connection is closed after this time unless `works` or `waits` is called before, ms. */
  waits(socket: Socket, forMs: number): void {
    this.#set(socket, false, forMs);
  }

  #set(socket: Socket, works: boolean, forMs: number | undefined): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    connection.works = works;
    clearTimeout(connection.timer);
    connection.timer = forMs === undefined ? undefined : setTimeout(() => socket.destroy(), forMs).unref();
  }

  closeAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #makeRoom(): void {
    const all = [...this.#open];
    const unproven = all.filter(([, { isProven }]) => !isProven);
    const unused = all.filter(([, { works }]) => !works);
    const candidates = [unproven, unused].find(({ length }) => length > 0) ?? all;
    const counts = new Map<string, number>();
    for (const [, { peer }] of candidates) counts.set(peer, (counts.get(peer) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const [socket] = candidates.find(([, { peer }]) => counts.get(peer) === most) ?? [];
    if (socket === undefined) return;
    this.closedForOthers++;
    if (unproven.length === 0) this.provenClosedForOthers++;
    // Its place is free at once; `close` comes later.
    clearTimeout(this.#open.get(socket)?.timer);
    this.#open.delete(socket);
    socket.destroy();
  }
}
