import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BenchlabError, messageOf, OptionError, type Report } from '@benchlab-otel/core';
import { watchUnreadable } from '../sockets/unreadableRequests.ts';
import { isRead, sendText } from './answers.ts';
import {
  type BrowserAccess,
  type PageAccess,
  type PageAccessOptions,
  type PageWords,
  pageAccess,
  pageFile,
} from './pageAccess.ts';
import { keepAliveMs, Places } from './places.ts';

/** Paths of files in PEM, read when the page begins to listen. */
export interface PageTls {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What `/healthz` and `/readyz` of the server answer: 503 with the text that `live` or `ready` returns, else 200. */
export interface PageHealth {
  /** Why the process should be started again. */
  readonly live?: () => string | undefined;
  /** Why it does not do its work now. */
  readonly ready?: () => string | undefined;
  /** What is wrong and does not keep the process from its work, a sentence each: further lines of both answers. */
  readonly findings?: () => readonly string[];
}

/** Time for a client to send its request, and before that for the handshake of TLS, ms. */
const requestTimeoutMs = 10_000;
/** How often Node looks for requests that are late, ms. Its default is 30 s. */
const lateCheckMs = 2_000;
/** A connection on which nothing moves for this time during an answer is closed, ms. */
const idleTimeoutMs = 30_000;
/** Time that `close` gives to answers that have begun, ms. */
const graceMs = 500;

/** What a page does with its requests. */
export interface PageServerOptions extends PageAccessOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: PageTls;
  /** `/healthz` and `/readyz`, for everyone; 200 where this is absent. */
  readonly health?: PageHealth;
  readonly words: PageWords;
  /** Browsers show the page, and it sends requests itself. */
  readonly browser?: BrowserAccess;
  /** Connections at the same time. */
  readonly mostConnections: number;
  /** Answers a request. Nothing of the page may be in an answer before `request.admit()` was true. */
  readonly route: (request: PageRequest) => void;
  /** Takes over the connection of a request that may see the page. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly report: Report;
}

/** One request. */
export interface PageRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Without the query, as it was sent. */
  readonly path: string;
  /** Whether the request may see the page. Otherwise it has been answered. */
  admit(): boolean;
}

/** The HTTP server of a page: who may read it, and how many at once. `/healthz` and `/readyz` are for everyone. */
export class PageServer {
  readonly #options: PageServerOptions;
  #open: Promise<Server> | undefined;
  #closing: Promise<void> = Promise.resolve();
  #hasReportedHost = false;
  #unreadableRequests = 0;

  constructor(options: PageServerOptions) {
    this.#options = options;
  }

  /** Resolves to the URL of the server, without a path. */
  async listen(): Promise<string> {
    const { host, tls } = this.#options;
    if (this.#open === undefined) {
      this.#open = this.#opened();
      // A port that is in use now may be free at the next attempt.
      this.#open.catch(() => {
        this.#open = undefined;
      });
    }
    const address = (await this.#open).address() as AddressInfo;
    return `http${tls ? 's' : ''}://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  }

  async close(): Promise<void> {
    if (this.#open !== undefined) this.#closing = this.#open.then(closed, () => undefined);
    this.#open = undefined;
    return this.#closing;
  }

  async #opened(): Promise<Server> {
    const { host, port, tls, report, words, mostConnections, browser, upgrade } = this.#options;
    const access = await pageAccess(host, this.#options, words, browser);
    const places = new Places(mostConnections, report);
    const route: RequestListener = (request, response) => this.#route(access, places, request, response);
    const server = tls ? await tlsServer(tls, words, route) : createServer(requestOptions, route);
    server.on('connection', (socket: Socket) => places.take(socket));
    // Without a listener Node answers a request that offers an upgrade as any other.
    if (upgrade !== undefined) {
      server.on('upgrade', (request, socket, head) => {
        // Node has no listener of its own here: an error of the connection would end the process.
        socket.on('error', () => socket.destroy());
        const refused = access(request);
        if (refused !== undefined) {
          refuseUpgrade(socket, refused);
          return;
        }
        places.keeps(request);
        upgrade(request, socket, head);
      });
    }
    watchUnreadable(server, () => this.#unreadable());
    return opened(server, host, port, words);
  }

  #route(access: PageAccess, places: Places, request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (request.httpVersion === '1.1' && request.headers.host === undefined) {
      this.#unreadable();
      // RFC 9112, section 3.2.
      sendText(request, response, 400, 'A request needs the header Host.\n');
    } else if (path === '/healthz' && isRead(request)) answerProbe('live', this.#options.health, request, response);
    else if (path === '/readyz' && isRead(request)) answerProbe('ready', this.#options.health, request, response);
    else {
      const admit = () => {
        const refused = access(request);
        if (refused === undefined) places.serves(request, response);
        else if (refused === 'token') this.#refuseAccess(request, response);
        else this.#refuseHost(request, response);
        return refused === undefined;
      };
      this.#options.route({ request, response, path, admit });
    }
  }

  #unreadable(): void {
    const count = ++this.#unreadableRequests;
    this.#options.report(`requests whose headers cannot be read were refused with 400 or 431: ${count} so far.`);
  }

  #refuseAccess(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('www-authenticate', 'Bearer');
    sendText(
      request,
      response,
      401,
      `The ${this.#options.words.page} needs the token, in the header Authorization: Bearer.\n`,
    );
  }

  /** Reported once: clients choose the name, and could fill the log. */
  #refuseHost(request: IncomingMessage, response: ServerResponse): void {
    const { host = '', origin } = request.headers;
    const { page, allowHost } = this.#options.words;
    if (origin === undefined && !this.#hasReportedHost) {
      this.#hasReportedHost = true;
      const shown = JSON.stringify(host.slice(0, 100));
      this.#options.report(`a request to the host ${shown} was refused with 403. ${allowHost}`);
    }
    const what = `The ${page} is not shown to browsers of other sites, or under another name.`;
    sendText(request, response, 403, `${what} ${allowHost}\n`);
  }
}

const requestOptions = {
  // Node would answer requests without the header Host itself, and nothing would count them.
  requireHostHeader: false,
  requestTimeout: requestTimeoutMs,
  headersTimeout: requestTimeoutMs,
  keepAliveTimeout: keepAliveMs,
  connectionsCheckingInterval: lateCheckMs,
};

async function tlsServer({ certFile, keyFile }: PageTls, words: PageWords, route: RequestListener): Promise<Server> {
  const { options, page } = words;
  const [cert, key] = await Promise.all([
    pageFile(options.certFile, certFile, page),
    pageFile(options.keyFile, keyFile, page),
  ]);
  try {
    return createTlsServer({ ...requestOptions, cert, key, handshakeTimeout: requestTimeoutMs }, route);
  } catch (cause) {
    const allowed = 'a certificate and the private key that belongs to it, both in PEM';
    throw new OptionError({ option: 'tls', value: `${certFile}, ${keyFile}`, allowed }, { cause });
  }
}

function answerProbe(
  which: 'live' | 'ready',
  health: PageHealth | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  let why: string | undefined;
  let findings: readonly string[] = [];
  try {
    why = health?.[which]?.();
    findings = health?.findings?.() ?? [];
  } catch (error) {
    why = `The probe threw: ${messageOf(error)}.`;
  }
  const lines = [why ?? 'ok', ...findings];
  sendText(request, response, why === undefined ? 200 : 503, `${lines.join('\n')}\n`);
}

function refuseUpgrade(socket: Duplex, refused: 'token' | 'host'): void {
  const status = refused === 'token' ? '401 Unauthorized' : '403 Forbidden';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function opened(server: Server, host: string, port: number, words: PageWords): Promise<Server> {
  // Instrumentations of HTTP patch the prototype of servers: a scrape makes no span and no metric of requests.
  server.emit = EventEmitter.prototype.emit;
  server.timeout = idleTimeoutMs;
  return new Promise((resolve, reject) => {
    // Not once: a later error without a listener would end the application.
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port, words)));
    // The page alone must not keep the application alive.
    // Exclusive: workers of a cluster would share one port, and successive scrapes would be answered by different workers.
    server.listen({ host, port, exclusive: true }, () => resolve(server)).unref();
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    // This also ends idle connections of clients.
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number, words: PageWords): BenchlabError {
  const cause = { cause: error };
  if (error.code === 'EADDRINUSE') {
    return new BenchlabError(
      'PORT_IN_USE',
      `The ${words.page} cannot listen: port ${port} on ${host} is in use.`,
      `Stop the process that uses it, or set another by the option ${words.options.port}; 0 takes a free one.`,
      cause,
    );
  }
  const allowed = `an address of this host with a port that this user may open (${error.code ?? error.message})`;
  return new OptionError({ option: 'host', value: `${host}, port ${port}`, allowed }, cause);
}
