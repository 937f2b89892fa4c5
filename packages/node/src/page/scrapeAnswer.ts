import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRead, refuseMethod, send, sendText } from '@benchlab-otel/wire';
import { acceptsGzip, pageFormat } from './pageFormat.ts';
import type { Scraper } from './scraper.ts';
import type { WaitingAnswers } from './waitingAnswers.ts';

/** What every answer to a scrape comes from. */
export interface ScrapeParts {
  readonly scraper: Scraper;
  readonly waiting: WaitingAnswers;
  readonly hasUtf8Names: boolean;
}

/**
 * Answers GET and HEAD with the page in the requested format, or with 503 when metrics cannot be collected or too many
 * answers wait.
 */
export function answerScrape(parts: ScrapeParts, request: IncomingMessage, response: ServerResponse): void {
  if (!isRead(request)) {
    refuseMethod(response);
    return;
  }
  if (!parts.waiting.admit(request, response)) {
    refuseScrape(request, response);
    return;
  }
  answer(parts, request, response).catch(() => {
    // Headers are sent only once the whole page is ready. If they were sent, the client has closed the connection.
    if (response.headersSent) response.destroy();
    else
      sendText(request, response, 503, 'Metrics could not be collected. The log of the application has the reason.\n');
  });
}

async function answer(
  { scraper, waiting, hasUtf8Names }: ScrapeParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const format = pageFormat(request.headers.accept, hasUtf8Names);
  const isCompressed = acceptsGzip(String(request.headers['accept-encoding'] ?? ''));
  const timeoutMs = scraperTimeoutMs(request.headers['x-prometheus-scrape-timeout-seconds']);
  const page = await scraper.scrape(format, isCompressed, timeoutMs);
  if (!waiting.holds(page, response)) {
    refuseScrape(request, response);
    return;
  }
  if (isCompressed) response.setHeader('content-encoding', 'gzip');
  response.setHeader('vary', 'accept, accept-encoding');
  send(request, response, 200, format.contentType, page);
}

function refuseScrape(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
  response.setHeader('retry-after', '1');
  sendText(request, response, 503, 'Too many answers wait. The log of the application has the reason.\n');
}

/** Prometheus states its `scrape_timeout` in this header. Undefined where it has none, or one that is not a time. */
function scraperTimeoutMs(header: string | string[] | undefined): number | undefined {
  const seconds = typeof header === 'string' && /^\d{1,6}(\.\d{1,9})?$/.test(header) ? Number(header) : 0;
  return seconds > 0 ? seconds * 1000 : undefined;
}
