import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Report } from '@benchlab-otel/core';
import {
  isRead,
  isSameToken,
  type PageAccessOptions,
  type PageRequest,
  PageServer,
  type PageTls,
  type PageWords,
  pageToken,
  refuseMethod,
  send,
  sendText,
} from '@benchlab-otel/wire';
import type { DashboardInput } from '../inputs/dashboardInput.ts';
import type { Dashboard } from '../model/dashboard.ts';
import { EntryFeed } from './entryFeed.ts';
import { liveRows } from './liveRows.ts';
import { LongPolls } from './longPolls.ts';
import type { PageSetup } from './pageSetup.ts';
import { StaticFiles } from './staticFiles.ts';
import { WebSockets } from './webSockets.ts';

/** Pages at one time, each way. */
const mostPages = 128;
/** Of each page: its stream and what it loads. */
const mostConnections = 2 * mostPages;

const commandWords: PageWords = {
  page: 'dashboard',
  protect: 'Give it a token with --token-file, listen on 127.0.0.1, or allow this with --unprotected.',
  allowHost: 'Name the host with --allow-host, or give the dashboard a token with --token-file.',
  options: { tokenFile: '--token-file', certFile: '--tls-cert', keyFile: '--tls-key', port: '--listen' },
};

/** Only files and addresses of this server; no script in a page, no frame around it. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

export interface WebServerOptions extends PageAccessOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: PageTls;
  readonly dashboard: Dashboard;
  readonly inputs: readonly DashboardInput[];
  readonly setup: PageSetup;
  /** Where the built page is: `dist/page` of this package. */
  readonly pageFolder: string;
  /** ms since 1970 */
  readonly nowMs: () => number;
  readonly report: Report;
  /** How errors name the page and its options. Default: by the flags of `benchlab-probe web`. */
  readonly words?: PageWords;
}

/** The page of a dashboard, its stream, and `GET /api/live`. */
export class WebServer {
  readonly #options: WebServerOptions;
  readonly #feed: EntryFeed;
  readonly #sockets: WebSockets;
  readonly #polls: LongPolls;
  readonly #server: PageServer;
  readonly #cookie: string;
  readonly #words: PageWords;
  #files: StaticFiles | undefined;
  #token: string | undefined;

  constructor(options: WebServerOptions) {
    this.#options = options;
    const { dashboard, inputs, nowMs, report, port, words = commandWords } = options;
    this.#words = words;
    // Cookies do not know ports: dashboards on two ports of a host have cookies of their own.
    this.#cookie = `benchlab_token_${port}`;
    this.#feed = new EntryFeed(dashboard, inputs, nowMs);
    this.#sockets = new WebSockets(this.#feed, mostPages, report);
    this.#polls = new LongPolls(this.#feed, mostPages);
    this.#server = new PageServer({
      ...options,
      words,
      mostConnections,
      browser: { cookie: this.#cookie },
      route: (request) => this.#route(request),
      upgrade: (request, socket, head) => {
        const { pathname, searchParams } = urlOf(request);
        if (pathname === '/api/stream') this.#sockets.upgrade(request, socket, head, searchParams);
        else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      },
    });
  }

  /**
   * Resolves to the URL once pages can be read and inputs are looked for. Rejects with a BenchlabError for an address, a token or
   * a certificate that cannot be used; nothing is open then.
   */
  async start(): Promise<string> {
    this.#files = await StaticFiles.read(this.#options.pageFolder);
    this.#token = await pageToken(this.#options, this.#words);
    const url = await this.#server.listen();
    await this.#feed.start();
    return `${url}/`;
  }

  /** Safe unstarted and repeated. */
  async stop(): Promise<void> {
    this.#sockets.close();
    this.#polls.close();
    await this.#server.close();
    await this.#feed.stop();
  }

  #route({ request, response, admit }: PageRequest): void {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const { pathname, searchParams } = urlOf(request);
    if (!isRead(request)) {
      refuseMethod(response);
      return;
    }
    if (pathname === '/' && searchParams.has('token') && this.#giveCookie(searchParams.get('token') ?? '', response))
      return;
    if (!admit()) return;
    const { dashboard, nowMs, setup } = this.#options;
    if (pathname === '/api/events') this.#polls.answer(request, response, searchParams);
    else if (pathname === '/api/live') sendJson(request, response, liveRows(dashboard, nowMs()));
    else if (pathname === '/api/setup') sendJson(request, response, setup);
    else if (this.#files?.send(pathname, request, response) !== true)
      sendText(request, response, 404, 'Nothing here. The dashboard is at /\n');
  }

  /** The token leaves the address bar, and later requests have it in a cookie. */
  #giveCookie(given: string, response: ServerResponse): boolean {
    if (this.#token === undefined || !isSameToken(given, this.#token)) return false;
    const secure = this.#options.tls === undefined ? '' : '; Secure';
    response.setHeader('set-cookie', `${this.#cookie}=${this.#token}; Path=/; HttpOnly; SameSite=Strict${secure}`);
    response.setHeader('cache-control', 'no-store');
    response.writeHead(303, { location: '/' }).end();
    return true;
  }
}

/** Any path that a client sends: `//evil` too is a path of this server. */
function urlOf({ url = '/' }: IncomingMessage): { readonly pathname: string; readonly searchParams: URLSearchParams } {
  const [pathname = '/', query = ''] = url.split('?', 2);
  return { pathname, searchParams: new URLSearchParams(query) };
}

function sendJson(request: IncomingMessage, response: ServerResponse, value: unknown): void {
  send(request, response, 200, 'application/json', Buffer.from(JSON.stringify(value)));
}
