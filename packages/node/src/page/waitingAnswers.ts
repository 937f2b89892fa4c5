import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Report } from '@benchlab-otel/core';

/** Answers of one connection that are not sent yet. Prometheus waits for an answer before it asks again. */
const maxOfConnection = 8;
/** Answers of all connections that are not sent yet. */
const maxAnswers = 128;
/** Bytes of pages in answers that are not sent yet. Answers share a page. A single page may be larger. */
const maxBytes: number = 64 * 1024 * 1024;
/** Time for a client to read its answer, from the request on, ms: six times the default `scrape_timeout` of Prometheus. */
const answerMs = 60_000;

/** The answers to scrapes that are not sent yet, in this page's own server or in another one. */
export class WaitingAnswers {
  readonly #report: Report;
  readonly #ofConnection = new WeakMap<object, number>();
  readonly #uses = new Map<Buffer, number>();
  #count = 0;
  #bytes = 0;

  constructor(report: Report) {
    this.#report = report;
  }

  /** Whether the request may be answered: its answer counts until it was sent. Otherwise it has been refused. */
  admit({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const own = (this.#ofConnection.get(socket) ?? 0) + 1;
    if (own > maxOfConnection) {
      this.#report(
        `a client sent more than ${maxOfConnection} requests without waiting for answers; it was disconnected.`,
      );
      socket.destroy();
      return false;
    }
    this.#ofConnection.set(socket, own);
    this.#count++;
    const late = setTimeout(() => response.destroy(), answerMs).unref();
    response.on('close', () => {
      clearTimeout(late);
      this.#count--;
      this.#ofConnection.set(socket, (this.#ofConnection.get(socket) ?? 1) - 1);
    });
    return this.#count <= maxAnswers || this.#full();
  }

  /** Whether the page may be sent: it counts until then, once for all answers that have it. */
  holds(page: Buffer, response: ServerResponse): boolean {
    const uses = this.#uses.get(page) ?? 0;
    if (uses === 0 && this.#bytes > 0 && this.#bytes + page.length > maxBytes) return this.#full();
    if (uses === 0) this.#bytes += page.length;
    this.#uses.set(page, uses + 1);
    response.on('close', () => this.#release(page));
    return true;
  }

  #release(page: Buffer): void {
    const left = (this.#uses.get(page) ?? 1) - 1;
    if (left > 0) this.#uses.set(page, left);
    else if (this.#uses.delete(page)) this.#bytes -= page.length;
  }

  #full(): false {
    this.#report('too many answers wait for their clients to read them; a scrape was refused.');
    return false;
  }
}
