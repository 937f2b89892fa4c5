import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { BenchlabError, messageOf, OptionError, type Report } from '@benchlab-otel/core';
import { watchUnreadable } from '@benchlab-otel/wire';
import { type PageAccess, type PageAccessOptions, pageAccess, pageFile } from './pageAccess.ts';
import type { PageHealth, PageTls } from './pageOptions.ts';
import { keepAliveMs, Places } from './places.ts';
import { isRead, refuseMethod, send, sendText } from './scrapeAnswer.ts';

/** Time for a client to send its request, and before that for the handshake of TLS, ms. */
const requestTimeoutMs = 10_000;
/** How often Node looks for requests that are late, ms. Its default is 30 s. */
const lateCheckMs = 2_000;
/** A connection on which nothing moves for this time during an answer is closed, ms. */
const idleTimeoutMs = 30_000;
/** Time that `close` gives to answers that have begun, ms. */
const graceMs = 500;

const hostFix = 'List the name in metricsPage.hosts or TELEMETRY_METRICS_HOSTS, or give the page a token.';

export interface PageServerOptions extends PageAccessOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly tls?: PageTls;
  readonly health?: PageHealth;
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  readonly report: Report;
}

/** The HTTP server of a metrics page: the page at its path, a link to it at `/`, `/healthz` and `/readyz`. */
export class PageServer {
  readonly #options: PageServerOptions;
  #open: Promise<Server> | undefined;
  #closing: Promise<void> = Promise.resolve();
  #hasReportedHost = false;
  #unreadableRequests = 0;

  constructor(options: PageServerOptions) {
    this.#options = options;
  }

  /** Resolves to the URL of the page. */
  async listen(): Promise<string> {
    const { host, path, tls } = this.#options;
    if (this.#open === undefined) {
      this.#open = this.#opened();
      // A port that is in use now may be free at the next attempt.
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
    const { host, port, tls, report } = this.#options;
    const access = await pageAccess(host, this.#options);
    const places = new Places(report);
    const route: RequestListener = (request, response) => this.#route(access, places, request, response);
    const server = tls ? await tlsServer(tls, route) : createServer(requestOptions, route);
    server.on('connection', (socket: Socket) => places.take(socket));
    watchUnreadable(server, () => this.#unreadable());
    return opened(server, host, port);
  }

  #route(access: PageAccess, places: Places, request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '/').split('?', 1)[0];
    if (request.httpVersion === '1.1' && request.headers.host === undefined) {
      this.#unreadable();
      // RFC 9112, section 3.2.
      sendText(request, response, 400, 'A request needs the header Host.\n');
    } else if (path === this.#options.path) {
      const refused = access(request);
      if (refused === undefined) {
        places.serves(request, response);
        this.#options.handler(request, response);
      } else if (refused === 'token') refuseAccess(request, response);
      else this.#refuseHost(request, response);
    } else if (!isRead(request)) refuseMethod(response);
    else if (path === '/')
      send(request, response, 200, 'text/html; charset=utf-8', Buffer.from(linkPage(this.#options.path)));
    else if (path === '/healthz') this.#answerProbe(this.#options.health?.live, request, response);
    else if (path === '/readyz') this.#answerProbe(this.#options.health?.ready, request, response);
    else sendText(request, response, 404, `Nothing here. The metrics are at ${this.#options.path}\n`);
  }

  #answerProbe(
    probe: (() => string | undefined) | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    let why: string | undefined;
    try {
      why = probe?.();
    } catch (error) {
      why = `The probe threw: ${messageOf(error)}.`;
    }
    sendText(request, response, why === undefined ? 200 : 503, `${why ?? 'ok'}\n`);
  }

  #unreadable(): void {
    const count = ++this.#unreadableRequests;
    this.#options.report(`requests whose headers cannot be read were refused with 400 or 431: ${count} so far.`);
  }

  /** Reported once: clients choose the name, and could fill the log. */
  #refuseHost(request: IncomingMessage, response: ServerResponse): void {
    const { host = '', origin } = request.headers;
    if (origin === undefined && !this.#hasReportedHost) {
      this.#hasReportedHost = true;
      const shown = JSON.stringify(host.slice(0, 100));
      this.#options.report(`a request to the host ${shown} was refused with 403. ${hostFix}`);
    }
    const what = 'The metrics are not shown to browsers of other sites, or under another name.';
    sendText(request, response, 403, `${what} ${hostFix}\n`);
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

async function tlsServer({ certFile, keyFile }: PageTls, route: RequestListener): Promise<Server> {
  const [cert, key] = await Promise.all([pageFile('tls.certFile', certFile), pageFile('tls.keyFile', keyFile)]);
  try {
    return createTlsServer({ ...requestOptions, cert, key, handshakeTimeout: requestTimeoutMs }, route);
  } catch (cause) {
    const allowed = 'a certificate and the private key that belongs to it, both in PEM';
    throw new OptionError({ option: 'tls', value: `${certFile}, ${keyFile}`, allowed }, { cause });
  }
}

function refuseAccess(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('www-authenticate', 'Bearer');
  sendText(request, response, 401, 'The metrics need the token, in the header Authorization: Bearer.\n');
}

function opened(server: Server, host: string, port: number): Promise<Server> {
  // Instrumentations of HTTP patch the prototype of servers: a scrape makes no span and no metric of requests.
  server.emit = EventEmitter.prototype.emit;
  server.timeout = idleTimeoutMs;
  return new Promise((resolve, reject) => {
    // Not once: a later error without a listener would end the application.
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
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

function listenError(error: NodeJS.ErrnoException, host: string, port: number): BenchlabError {
  const cause = { cause: error };
  if (error.code === 'EADDRINUSE') {
    return new BenchlabError(
      'PORT_IN_USE',
      `The metrics page cannot listen: port ${port} on ${host} is in use.`,
      'Stop the process that uses it, or set another by the option port; 0 takes a free one.',
      cause,
    );
  }
  const allowed = `an address of this host with a port that this user may open (${error.code ?? error.message})`;
  return new OptionError({ option: 'host', value: `${host}, port ${port}`, allowed }, cause);
}

function linkPage(path: string): string {
  const shown = path.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return `<!doctype html><html lang="en"><title>Metrics</title><p><a href="${shown}">Metrics</a></p></html>\n`;
}
