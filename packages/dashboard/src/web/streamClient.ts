import type { StreamMessage } from './streamMessage.ts';

/** What a client needs of a WebSocket, so that it runs in a browser and in Node. */
export interface StreamSocket {
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  close(): void;
}

/** How the connection is, as the word that a page shows. */
export type StreamState = 'connecting' | 'live' | 'polling' | 'lost';

export interface StreamClientParts {
  /** Opens a WebSocket for `/api/stream` with a query. */
  open(query: string): StreamSocket;
  /** Asks `/api/events` with a query. Rejects when there is no answer. */
  ask(query: string): Promise<StreamMessage>;
  /** Entries in their order, each once. `isNew`: the server was started again, and all before it is void. */
  take(message: StreamMessage, isNew: boolean): void;
  changed(state: StreamState): void;
}

/** A server sends at least every 5 s. After three of these times without a message the connection is dead, ms. */
const silentMs = 15_000;
const firstWaitMs = 250;
const longestWaitMs = 4_000;
/** Attempts without a WebSocket that opens, before polls take over: a proxy may let only those pass. */
const mostAttempts = 2;
/** Polls after which a WebSocket is tried again: minutes of an idle stream. */
const pollsBetween = 30;

/** The client's side of the stream: it connects again, resumes where it was, and falls back to polls, until it is stopped. */
export class StreamClient {
  readonly #parts: StreamClientParts;
  #epoch = '';
  #after = 0;
  #attempts = 0;
  #waitMs = firstWaitMs;
  #socket: StreamSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  constructor(parts: StreamClientParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#isStopped = false;
    this.#parts.changed('connecting');
    this.#connect();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  #connect(): void {
    if (this.#isStopped) return;
    let isOpen = false;
    const socket = this.#parts.open(this.#query());
    this.#socket = socket;
    const ended = () => {
      if (this.#socket !== socket) return;
      this.#drop();
      this.#attempts = isOpen ? 0 : this.#attempts + 1;
      this.#parts.changed('lost');
      this.#again(() => (this.#attempts >= mostAttempts ? void this.#poll(pollsBetween) : this.#connect()));
    };
    const watch = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(ended, silentMs);
    };
    socket.addEventListener('open', () => {
      isOpen = true;
      if (this.#socket === socket) watch();
    });
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket !== socket) return;
      watch();
      this.#waitMs = firstWaitMs;
      if (this.#taken(data)) this.#parts.changed('live');
      else ended();
    });
    socket.addEventListener('close', ended);
    // Also a listener for the error of a socket that is closed before it opened.
    socket.addEventListener('error', ended);
    watch();
  }

  async #poll(left: number): Promise<void> {
    try {
      const message = await this.#parts.ask(this.#query());
      if (this.#isStopped) return;
      this.#take(message);
      this.#waitMs = firstWaitMs;
      this.#parts.changed('polling');
      if (left > 1) await this.#poll(left - 1);
      else {
        this.#attempts = 0;
        this.#connect();
      }
    } catch {
      if (this.#isStopped) return;
      this.#attempts = 0;
      this.#parts.changed('lost');
      this.#again(() => this.#connect());
    }
  }

  #taken(data: unknown): boolean {
    try {
      this.#take(JSON.parse(String(data)) as StreamMessage); // of our own server
      return true;
    } catch {
      return false;
    }
  }

  #take(message: StreamMessage): void {
    const isNew = message.epoch !== this.#epoch;
    if (isNew) [this.#epoch, this.#after] = [message.epoch, 0];
    const known = this.#after + 1 - message.first;
    if (known + message.lost < 0) throw new RangeError('entries are missing between two messages');
    const fresh = known > 0 ? { ...message, first: this.#after + 1, entries: message.entries.slice(known) } : message;
    this.#after = Math.max(this.#after, message.first + message.entries.length - 1);
    this.#parts.take(fresh, isNew);
  }

  #again(call: () => void): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(call, this.#waitMs);
    this.#waitMs = Math.min(2 * this.#waitMs, longestWaitMs);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #query(): string {
    return this.#epoch === '' ? '?after=0' : `?after=${this.#after}&epoch=${this.#epoch}`;
  }
}
