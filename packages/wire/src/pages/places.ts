import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Report } from '@benchlab-otel/core';
import { Connections } from '../sockets/connections.ts';

/** Longer than a scrape interval of a minute, so that Prometheus can use its connection again, ms. */
export const keepAliveMs = 75_000;

/**
 * The connections of a page. For a connection too many, another is closed: clients that hold theirs cannot keep others
 * out, and one whose requests may see the page keeps its place longer than those that were only opened.
 */
export class Places {
  readonly #report: Report;
  readonly #most: number;
  readonly #connections: Connections;
  /** By client: with TLS, a request has another socket than the connection that was accepted. */
  readonly #accepted = new Map<string, Socket>();

  /** @param most connections at the same time */
  constructor(most: number, report: Report) {
    this.#report = report;
    this.#most = most;
    this.#connections = new Connections(most);
  }

  take(socket: Socket): void {
    const client = clientOf(socket);
    this.#accepted.set(client, socket);
    socket.on('close', () => {
      if (this.#accepted.get(client) === socket) this.#accepted.delete(client);
    });
    const before = this.#connections.closedForOthers;
    this.#connections.add(socket);
    if (this.#connections.closedForOthers === before) return;
    this.#report(`more than ${this.#most} connections are open; ${before + 1} were closed for others so far.`);
  }

  /** The request may see the page. */
  serves({ socket }: IncomingMessage, response: ServerResponse): void {
    const accepted = this.#accepted.get(clientOf(socket));
    if (accepted === undefined) return;
    this.#connections.proven(accepted);
    this.#connections.works(accepted);
    response.on('close', () => this.#connections.waits(accepted, keepAliveMs));
  }

  /** The request may see the page, and its connection has become a stream without an end. */
  keeps({ socket }: IncomingMessage): void {
    const accepted = this.#accepted.get(clientOf(socket as Socket));
    if (accepted === undefined) return;
    this.#connections.proven(accepted);
    this.#connections.works(accepted);
  }
}

function clientOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
