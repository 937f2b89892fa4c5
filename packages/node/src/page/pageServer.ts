import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { BenchlabError } from '@benchlab-otel/core';
import { type PageAccess, type PageAccessOptions, pageAccess, pageFile } from './pageAccess.ts';
import { isRead, refuseMethod, send, sendText } from './scrapeAnswer.ts';

/** Connections at once; more are closed. A page is scraped by one Prometheus, or two. */
const maxConnections = 64;
/** A client has this long to send its request, ms, and to take what it is sent. */
const requestTimeoutMs = 10_000;
const idleTimeoutMs = 30_000;
/** Longer than the scrape interval of a minute, so that Prometheus keeps its connection. */
const keepAliveMs = 75_000;
/** What `close` grants answers that are under way, ms. */
const graceMs = 500;

/** Files in PEM, read when the page begins to listen. */
export interface PageTls {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface PageServerOptions extends PageAccessOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly tls?: PageTls;
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
}

/** The HTTP server of a metrics page: the page at its path, a link to it at `/`, and `/healthz`. */
export class PageServer {
  readonly #options: PageServerOptions;
  #open: Promise<Server> | undefined;
  #closing: Promise<void> = Promise.resolve();

  constructor(options: PageServerOptions) {
    this.#options = options;
  }

  /** Resolves to the URL of the page. */
  async listen(): Promise<string> {
    const { host, path, tls } = this.#options;
    if (this.#open === undefined) {
      this.#open = this.#opened();
      // A port that was taken may be free at the next attempt.
      this.#open.catch(() => {
        this.#open = undefined;
      });
    }
    const address = (await this.#open).address() as AddressInfo;
    return `http${tls ? 's' : ''}://${host.includes(':') ? `[${host}]` : host}:${address.port}${path}`;
  }

  async close(): Promise<void> {
    if (this.#open !== undefined) this.#closing = this.#open.then(closed, () => undefined);
    this.#open = undefined;
    return this.#closing;
  }

  async #opened(): Promise<Server> {
    const { host, port, tls } = this.#options;
    const access = await pageAccess(host, this.#options);
    const route: RequestListener = (request, response) => this.#route(access, request, response);
    return opened(tls ? await tlsServer(tls, route) : createServer(route), host, port);
  }

  #route(access: PageAccess, request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '/').split('?', 1)[0];
    if (path === this.#options.path) {
      if (access(request)) this.#options.handler(request, response);
      else refuseAccess(request, response);
    } else if (!isRead(request)) refuseMethod(response);
    else if (path === '/')
      send(request, response, 200, 'text/html; charset=utf-8', Buffer.from(linkPage(this.#options.path)));
    else if (path === '/healthz') sendText(request, response, 200, 'ok\n');
    else sendText(request, response, 404, `Nothing here. The metrics are at ${this.#options.path}\n`);
  }
}

async function tlsServer({ certFile, keyFile }: PageTls, route: RequestListener): Promise<Server> {
  const [cert, key] = await Promise.all([pageFile('tls.certFile', certFile), pageFile('tls.keyFile', keyFile)]);
  try {
    return createTlsServer({ cert, key }, route);
  } catch (cause) {
    throw new BenchlabError(
      'BAD_OPTION',
      `The metrics page cannot serve TLS with ${certFile} and ${keyFile}.`,
      'Give it a certificate and the private key that belongs to it, both in PEM.',
      { cause },
    );
  }
}

function refuseAccess(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('www-authenticate', 'Bearer');
  sendText(request, response, 401, 'The metrics are for those who have the token.\n');
}

function opened(server: Server, host: string, port: number): Promise<Server> {
  server.maxConnections = maxConnections;
  server.requestTimeout = requestTimeoutMs;
  server.headersTimeout = requestTimeoutMs;
  server.timeout = idleTimeoutMs;
  server.keepAliveTimeout = keepAliveMs;
  return new Promise((resolve, reject) => {
    // Not once: an error without a listener, years later, would end the application.
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    // The page alone is no reason for an application to stay alive.
    server.listen({ host, port }, () => resolve(server)).unref();
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    // This also ends the connections that clients keep but do not use.
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): BenchlabError {
  const cause = { cause: error };
  if (error.code === 'EADDRINUSE') {
    return new BenchlabError(
      'PORT_IN_USE',
      `Port ${port} on ${host} is in use, so the metrics page cannot listen there.`,
      'Stop the process that has it, or choose another port; port 0 takes a free one.',
      cause,
    );
  }
  return new BenchlabError(
    'BAD_OPTION',
    `The metrics page cannot listen on ${host}, port ${port} (${error.code ?? error.message}).`,
    'Choose an address of this host, and a port that this user may open.',
    cause,
  );
}

function linkPage(path: string): string {
  const shown = path.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return `<!doctype html><html lang="en"><title>Metrics</title><p><a href="${shown}">Metrics</a></p></html>\n`;
}
