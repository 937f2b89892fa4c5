import type { Socket } from 'node:net';
import type { BusLine } from './protocol.ts';

/** Lines that wait for one reader, beside one write that is under way: some ten seconds of a board at 20 Hz. */
const maxWaitingBytes = 256 * 1024;

/** Why a reader is gone: by itself, or because it could not be kept. */
export type Leaving = 'left' | 'too_slow' | 'not_silent';

export interface BusReaderEvents {
  /** Lines were dropped because the reader was too slow. */
  dropped(lines: number): void;
  sent(bytes: number): void;
  gone(reader: BusReader, why: Leaving): void;
}

/**
 * One who is connected to the bus. It is written to as fast as it reads; what waits is bounded, and beyond the bound the
 * oldest droppable lines go. Where that is not enough, so does the reader: it may connect again and be told afresh.
 */
export class BusReader {
  readonly #socket: Socket;
  readonly #events: BusReaderEvents;
  #waiting: BusLine[] = [];
  #waitingBytes = 0;
  #isWriting = false;
  #droppedLines = 0;
  #isGone = false;

  constructor(socket: Socket, events: BusReaderEvents) {
    this.#socket = socket;
    this.#events = events;
    // Whoever writes takes the bus for something else, and could go on for ever.
    socket.on('data', () => this.#leave('not_silent'));
    socket.on('error', () => this.#leave('left'));
    socket.on('end', () => this.#leave('left'));
    socket.on('close', () => this.#leave('left'));
  }

  /** @param joined the bytes of all `lines`, which readers share */
  take(lines: readonly BusLine[], joined: Buffer): void {
    if (this.#isGone) return;
    if (!this.#isWriting && this.#waiting.length === 0) {
      this.#write(joined);
      return;
    }
    this.#waiting.push(...lines);
    this.#waitingBytes += joined.length;
    if (this.#waitingBytes > maxWaitingBytes) this.#shed();
  }

  /** Sends what waits and ends the connection; after `graceMs` it ends whether that was read or not. */
  close(graceMs: number): void {
    this.#isGone = true;
    if (this.#waiting.length > 0) this.#socket.write(this.#joined());
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), graceMs).unref();
  }

  #write(bytes: Buffer): void {
    this.#isWriting = true;
    this.#events.sent(bytes.length);
    this.#socket.write(bytes, this.#written);
  }

  readonly #written = (): void => {
    this.#isWriting = false;
    if (this.#waiting.length > 0 && !this.#isGone) this.#write(this.#joined());
  };

  #joined(): Buffer {
    const notice = this.#droppedLines === 0 ? [] : [droppedNotice(this.#droppedLines)];
    const joined = Buffer.concat([...notice, ...this.#waiting.map(({ bytes }) => bytes)]);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#droppedLines = 0;
    return joined;
  }

  #shed(): void {
    const before = this.#waiting.length;
    let excess = this.#waitingBytes - maxWaitingBytes;
    this.#waiting = this.#waiting.filter(({ bytes, isDroppable }) => {
      if (!isDroppable || excess <= 0) return true;
      excess -= bytes.length;
      this.#waitingBytes -= bytes.length;
      return false;
    });
    const dropped = before - this.#waiting.length;
    this.#droppedLines += dropped;
    if (dropped > 0) this.#events.dropped(dropped);
    if (excess > 0) this.#leave('too_slow');
  }

  #leave(why: Leaving): void {
    if (!this.#isGone) this.#events.gone(this, why);
    this.#isGone = true;
    this.#waiting = [];
    this.#socket.destroy();
  }
}

function droppedNotice(count: number): Buffer {
  return Buffer.from(`${JSON.stringify({ kind: 'dropped', count })}\n`);
}
