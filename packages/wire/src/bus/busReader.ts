import type { Socket } from 'node:net';
import type { EncodedLine } from '../samples/encodedLine.ts';

/** Bytes that may wait for one reader, besides the write that is under way: some ten seconds of a board at 20 Hz. */
const maxWaitingBytes = 256 * 1024;

/** A reader that takes nothing of what waits for it in this time is disconnected, ms. */
const stallMs = 30_000;

/** Why a reader was disconnected: it left, or it read too slowly, or it wrote. */
export type Leaving = 'left' | 'too_slow' | 'not_silent';

export interface BusReaderEvents {
  /** Makes the line that reports how many lines the reader missed. Without it the reader is not informed. */
  notice?(lines: number): EncodedLine;
  /** Lines were dropped because the reader was too slow. */
  dropped(lines: number): void;
  sent?(bytes: number): void;
  gone(reader: BusReader, why: Leaving): void;
}

/**
 * One connected reader of a bus or of a line server. It is written to as fast as it reads. What waits is bounded: beyond the bound the oldest
 * droppable lines are dropped. When that is not enough, the reader is disconnected; it may connect again and gets all
 * announcements.
 */
export class BusReader {
  readonly #socket: Socket;
  readonly #events: BusReaderEvents;
  #waiting: EncodedLine[] = [];
  #waitingBytes = 0;
  #isWriting = false;
  #writingSinceMs = 0;
  #droppedLines = 0;
  #isGone = false;

  constructor(socket: Socket, events: BusReaderEvents) {
    this.#socket = socket;
    this.#events = events;
    // A program that writes takes the bus for something else, and could write without end.
    socket.on('data', () => this.#leave('not_silent'));
    socket.on('error', () => this.#leave('left'));
    socket.on('end', () => this.#leave('left'));
    socket.on('close', () => this.#leave('left'));
  }

  /** @param joined the bytes of all `lines`, which readers share */
  take(lines: readonly EncodedLine[], joined: Buffer): void {
    if (this.#isGone) return;
    if (!this.#isWriting && this.#waiting.length === 0) {
      this.#write(joined);
      return;
    }
    if (this.#isWriting && performance.now() - this.#writingSinceMs > stallMs) {
      this.#leave('too_slow');
      return;
    }
    this.#waiting.push(...lines);
    this.#waitingBytes += joined.length;
    if (this.#waitingBytes > maxWaitingBytes) this.#shed();
  }

  /** Sends what waits and ends the connection, after `graceMs` also when that was not read. */
  close(graceMs: number): void {
    this.#isGone = true;
    if (this.#waiting.length > 0) this.#socket.write(this.#joined());
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), graceMs).unref();
  }

  #write(bytes: Buffer): void {
    this.#isWriting = true;
    this.#writingSinceMs = performance.now();
    this.#events.sent?.(bytes.length);
    this.#socket.write(bytes, this.#written);
  }

  readonly #written = (): void => {
    this.#isWriting = false;
    if (this.#waiting.length > 0 && !this.#isGone) this.#write(this.#joined());
  };

  #joined(): Buffer {
    const notice = this.#droppedLines === 0 ? undefined : this.#events.notice?.(this.#droppedLines);
    const lines = notice === undefined ? this.#waiting : [notice, ...this.#waiting];
    const joined = Buffer.concat(lines.map(({ bytes }) => bytes));
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
