import type { IncomingMessage, ServerResponse } from 'node:http';
import { send, sendText } from '@benchlab-otel/wire';
import type { EntryFeed } from './entryFeed.ts';

/** A poll without a new entry is answered after this time, ms: sooner than proxies give up. */
const longestMs = 20_000;
/** Entries are collected for this time after the first, ms. */
const collectMs = 50;

/** The stream for pages and programs without a WebSocket: each request waits until there is an entry after its cursor. */
export class LongPolls {
  readonly #feed: EntryFeed;
  readonly #most: number;
  readonly #waiting = new Set<() => void>();

  /** @param most requests that wait at one time */
  constructor(feed: EntryFeed, most: number) {
    this.#feed = feed;
    this.#most = most;
  }

  /** Answers with a message as JSON. A cursor of 0, or of another epoch, is answered at once. */
  answer(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
    const after = this.#feed.cursorOf(query);
    if (after > 0 && after === this.#feed.last) this.#wait(request, response, after);
    else this.#send(request, response, after);
  }

  close(): void {
    for (const answer of [...this.#waiting]) answer();
  }

  #wait(request: IncomingMessage, response: ServerResponse, after: number): void {
    if (this.#waiting.size >= this.#most) {
      response.setHeader('retry-after', '1');
      sendText(request, response, 503, `More than ${this.#most} requests wait. Ask again in a second.\n`);
      return;
    }
    const done = () => {
      clearTimeout(timer);
      stopListening();
      this.#waiting.delete(answer);
    };
    const answer = () => {
      done();
      this.#send(request, response, after);
    };
    let timer = setTimeout(answer, longestMs).unref();
    const stopListening = this.#feed.onEntry(() => {
      stopListening();
      clearTimeout(timer);
      timer = setTimeout(answer, collectMs).unref();
    });
    this.#waiting.add(answer);
    response.on('close', done);
  }

  #send(request: IncomingMessage, response: ServerResponse, after: number): void {
    send(request, response, 200, 'application/json', Buffer.from(this.#feed.message(after, true).text));
  }
}
