import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { StringDecoder } from 'node:string_decoder';
import { type PageFormat, PageReader, pageFormatOf, pageTrouble, type ReadPage } from '@benchlab-otel/analysis';

/** What one scrape brought: a page, nothing that listens, or a reason why there is no page. */
export type Scrape =
  | { readonly outcome: 'page'; readonly page: ReadPage }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'refused' | 'malformed'; readonly why: string };

export interface ScrapeLimits {
  /** From the request to the end of the page. Default 5,000. */
  readonly timeoutMs?: number;
  /** Of the page. Default 64 MiB. */
  readonly bytes?: number;
}

/** Without `escaping=`, names come in the characters that OTLP names are translated to. */
const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const maxBytes = 64 * 2 ** 20;
/** Characters of a line that has not ended: joining further ones takes longer each time. */
const maxLine = 1_000_000;

/** Reads a metrics page once. It never rejects. `signal` ends it early. */
export function scrape(
  url: string,
  { timeoutMs = 5_000, bytes = maxBytes }: ScrapeLimits = {},
  signal?: AbortSignal,
): Promise<Scrape> {
  return new Promise<Scrape>((resolve) => {
    const limits = [AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])];
    const get = url.startsWith('https:') ? getHttps : getHttp;
    // A connection that was kept would keep a program alive that waits for its server to close.
    const options = {
      agent: false,
      headers: { accept, 'accept-encoding': 'identity' },
      signal: AbortSignal.any(limits),
    } as const;
    const failed = (error: NodeJS.ErrnoException) => resolve(failure(error, timeoutMs));
    get(url, options, (response) => {
      response.on('error', failed);
      readResponse(response, bytes, resolve);
    }).on('error', failed);
  });
}

function failure(error: NodeJS.ErrnoException, timeoutMs: number): Scrape {
  if (error.code === 'ECONNREFUSED') return { outcome: 'absent' };
  const isLate = error.name === 'AbortError' || error.name === 'TimeoutError';
  return { outcome: 'refused', why: isLate ? `no page within ${timeoutMs / 1000} s` : error.message };
}

function readResponse(response: IncomingMessage, maxBytes: number, resolve: (scrape: Scrape) => void): void {
  const refuse = (why: string) => {
    resolve({ outcome: 'refused', why });
    response.destroy();
  };
  const type = response.headers['content-type'];
  const format = type === undefined ? 'text' : pageFormatOf(type);
  const refusal = refusalOf(response, format);
  if (refusal !== undefined || format === undefined) {
    refuse(refusal ?? '');
    return;
  }
  const reader = new PageReader(format);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let size = 0;
  // One chunk at a time: the same event loop reads the board.
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) refuse(`the page has more than ${maxBytes} bytes`);
    else {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > maxLine) refuse(`a line of the page has more than ${maxLine} characters`);
      for (const line of lines) reader.read(line);
    }
  });
  response.on('end', () => {
    rest += decoder.end();
    if (rest !== '') reader.read(rest);
    const page = reader.end(rest === '');
    const why = pageTrouble(page);
    resolve(why === undefined ? { outcome: 'page', page } : { outcome: 'malformed', why });
  });
  // A body that is shorter than its length ends so.
  response.on('close', () =>
    resolve({ outcome: 'malformed', why: 'the page is cut short: its connection was closed' }),
  );
}

/** Why the answer is not a page that can be read. */
function refusalOf({ statusCode, headers }: IncomingMessage, format: PageFormat | undefined): string | undefined {
  if (statusCode !== 200) return `the answer is HTTP ${statusCode}`;
  if (format === undefined) return `the answer is ${JSON.stringify(headers['content-type'])}, not a metrics page`;
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' ? undefined : `the answer is in ${JSON.stringify(encoding)}, which was not asked for`;
}
