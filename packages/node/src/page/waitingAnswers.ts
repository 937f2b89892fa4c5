import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Report } from '@benchlab-otel/core';

/** Answers of one connection that are not sent yet. Prometheus waits for an answer before it asks again. */
const maxOfConnection = 8;
/** Answers of all connections that are not sent yet. */
const maxAnswers = 128;
/** Bytes of pages in answers that are not sent yet. Answers share a page. A single page may be larger. */
const maxBytes: number = 64 * 1024 * 1024;
/** Time for a client to read its answer, from the request on, ms: six times the default `scrape_timeout` of Prometheus. */
const answerMs = 60_000;

interface Answer {
  /** All answers of its connection. */
  readonly ofConnection: Set<ServerResponse>;
  readonly late: NodeJS.Timeout;
  page: Buffer | undefined;
}

/** The answers to scrapes that are not sent yet, in this page's own server or in another one. */
export class WaitingAnswers {
  readonly #report: Report;
  readonly #answers = new Map<ServerResponse, Answer>();
  readonly #connections = new WeakMap<Socket, Set<ServerResponse>>();
  readonly #uses = new Map<Buffer, number>();
  #bytes = 0;

  constructor(report: Report) {
    this.#report = report;
  }

  /** Whether the request may be answered: its answer counts until it was sent. Otherwise it has been refused. */
  admit({ socket }: IncomingMessage, response: ServerResponse): boolean {
    // No event would give back a place that was taken after the end of the connection.
    if (socket.destroyed) return false;
    const ofConnection = this.#ofConnection(socket);
    if (ofConnection.size >= maxOfConnection) {
      this.#report(
        `a client sent more than ${maxOfConnection} requests without waiting for answers; it was disconnected.`,
      );
      socket.destroy();
      return false;
    }
    ofConnection.add(response);
    const late = setTimeout(() => socket.destroy(), answerMs).unref();
    this.#answers.set(response, { ofConnection, late, page: undefined });
    response.on('close', () => this.#release(response));
    return this.#answers.size <= maxAnswers || this.#full();
  }

  /** Whether the page may be sent: it counts until then, once for all answers that have it. */
  holds(page: Buffer, response: ServerResponse): boolean {
    const answer = this.#answers.get(response);
    // Its connection has ended.
    if (answer === undefined) return false;
    const uses = this.#uses.get(page) ?? 0;
    if (uses === 0 && this.#bytes > 0 && this.#bytes + page.length > maxBytes) return this.#full();
    if (uses === 0) this.#bytes += page.length;
    this.#uses.set(page, uses + 1);
    answer.page = page;
    return true;
  }

  /**
   * Node emits `close` only on the response that the connection sends at the moment: those that wait behind it are given
   * back with the connection.
   */
  #ofConnection(socket: Socket): Set<ServerResponse> {
    const known = this.#connections.get(socket);
    if (known !== undefined) return known;
    const answers = new Set<ServerResponse>();
    this.#connections.set(socket, answers);
    socket.on('close', () => {
      for (const response of answers) this.#release(response);
    });
    return answers;
  }

  /** Does nothing for an answer that was given back before. */
  #release(response: ServerResponse): void {
    const answer = this.#answers.get(response);
    if (answer === undefined) return;
    this.#answers.delete(response);
    answer.ofConnection.delete(response);
    clearTimeout(answer.late);
    const { page } = answer;
    if (page === undefined) return;
    const left = (this.#uses.get(page) ?? 1) - 1;
    if (left > 0) this.#uses.set(page, left);
    else if (this.#uses.delete(page)) this.#bytes -= page.length;
  }

  #full(): false {
    this.#report('too many answers wait for their clients to read them; a scrape was refused.');
    return false;
  }
}
