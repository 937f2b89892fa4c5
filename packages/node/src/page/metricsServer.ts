import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Report } from '@benchlab-otel/core';
import {
  isRead,
  type PageAccessOptions,
  type PageHealth,
  type PageRequest,
  PageServer,
  type PageTls,
  type PageWords,
  refuseMethod,
  send,
  sendText,
} from '@benchlab-otel/wire';

/** Connections at the same time. One or two Prometheus servers scrape a page. */
const mostConnections = 64;

const words: PageWords = {
  page: 'metrics page',
  protect:
    'Give it a token (token, tokenFile or TELEMETRY_METRICS_TOKEN_FILE), listen on 127.0.0.1, or allow this with ' +
    'allowUnprotected or TELEMETRY_METRICS_UNPROTECTED=true.',
  allowHost: 'List the name in metricsPage.hosts or TELEMETRY_METRICS_HOSTS, or give the page a token.',
  options: { tokenFile: 'tokenFile', certFile: 'tls.certFile', keyFile: 'tls.keyFile', port: 'port' },
};

export interface MetricsServerOptions extends PageAccessOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly tls?: PageTls;
  readonly health?: PageHealth;
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  readonly report: Report;
}

/** The server of a metrics page: the page at its path, and a link to it at `/`. */
export function metricsServer({ path: page, handler, ...options }: MetricsServerOptions): PageServer {
  const route = ({ request, response, path, admit }: PageRequest): void => {
    if (path === page) {
      if (admit()) handler(request, response);
    } else if (!isRead(request)) refuseMethod(response);
    else if (path === '/') send(request, response, 200, 'text/html; charset=utf-8', Buffer.from(linkPage(page)));
    else sendText(request, response, 404, `Nothing here. The metrics are at ${page}\n`);
  };
  return new PageServer({ ...options, words, mostConnections, route });
}

function linkPage(path: string): string {
  const shown = path.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return `<!doctype html><html lang="en"><title>Metrics</title><p><a href="${shown}">Metrics</a></p></html>\n`;
}
