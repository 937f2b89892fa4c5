import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Report } from '@benchlab-otel/core';
import { type WebSocket, WebSocketServer } from 'ws';
import type { EntryFeed } from './entryFeed.ts';

/** Entries are collected for this time: 20 messages a second, ms. */
const collectMs = 50;
/** A client with more bytes on their way gets further entries when it has read those. */
const mostOnTheWay = 1024 * 1024;
/** A message without entries shows the page that the connection is alive, ms. */
const aliveMs = 5_000;
/** A client that has not answered the ping before the last is gone: its computer sleeps, or its network is away. */
const mostPings = 3;
/** Pages have nothing to send. */
const mostReceived = 1;

interface Client {
  after: number;
  pings: number;
}

/** The pages that get the stream over a WebSocket. For each of them the server keeps a number, and no queue. */
export class WebSockets {
  readonly #feed: EntryFeed;
  readonly #report: Report;
  readonly #most: number;
  // Compression would cost 7.5 times the processor time of the messages themselves.
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: mostReceived });
  readonly #clients = new Map<WebSocket, Client>();
  readonly #stopListening: () => void;
  readonly #alive: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #lost = 0;

  constructor(feed: EntryFeed, most: number, report: Report) {
    this.#feed = feed;
    this.#most = most;
    this.#report = report;
    this.#stopListening = feed.onEntry(() => this.#later());
    this.#alive = setInterval(() => this.#keepAlive(), aliveMs).unref();
  }

  /** Takes a connection over whose request may see the page. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, query: URLSearchParams): void {
    if (this.#clients.size >= this.#most) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      this.#report(`more than ${this.#most} pages are open; a further one was refused.`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => {
      this.#clients.set(client, { after: this.#feed.cursorOf(query), pings: 0 });
      client.on('close', () => this.#clients.delete(client));
      // A broken frame, or a message that is too long: ws closes the connection.
      client.on('error', () => client.terminate());
      client.on('message', () => client.close(1008, 'pages have nothing to send'));
      client.on('pong', () => {
        const state = this.#clients.get(client);
        if (state !== undefined) state.pings = 0;
      });
      this.#greet(client);
      this.#later();
    });
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#alive);
    clearTimeout(this.#timer);
    for (const client of this.#clients.keys()) client.terminate();
  }

  #later(): void {
    if (this.#timer !== undefined || this.#clients.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, collectMs).unref();
  }

  #flush(): void {
    // Most clients are at the same entry: their message is made once.
    const made = new Map<number, ReturnType<EntryFeed['message']>>();
    let areBehind = false;
    for (const [client, state] of this.#clients) {
      while (state.after < this.#feed.last && client.bufferedAmount <= mostOnTheWay) {
        const message = made.get(state.after) ?? this.#feed.message(state.after, false);
        made.set(state.after, message);
        this.#give(client, state, message);
      }
      areBehind ||= state.after < this.#feed.last;
    }
    if (areBehind) this.#later();
  }

  #keepAlive(): void {
    for (const [client, state] of this.#clients) {
      if (++state.pings > mostPings) client.terminate();
      else {
        client.ping();
        if (client.bufferedAmount <= mostOnTheWay) this.#give(client, state, this.#feed.message(state.after, false));
      }
    }
  }

  /** A page that opens gets the stream from its start, as far as it is kept: that is no loss of a slow client. */
  #greet(client: WebSocket): void {
    const state = this.#clients.get(client);
    if (state === undefined) return;
    const { text, after } = this.#feed.message(state.after, true);
    client.send(text, { binary: false });
    state.after = after;
  }

  #give(client: WebSocket, state: Client, { text, after, lost }: ReturnType<EntryFeed['message']>): void {
    client.send(text, { binary: false });
    state.after = after;
    if (lost === 0) return;
    this.#lost += lost;
    this.#report(`pages missed entries that are not kept any more: ${this.#lost} so far. They show it.`);
  }
}
