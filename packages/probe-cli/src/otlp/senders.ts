import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { hostName, isLoopback } from '@benchlab-otel/wire';
import { Refusal } from './refusal.ts';

/** The header that shows that a request comes from the program of this run. */
const runHeader = 'benchlab-run';

/** The headers of a request by lower-case name, of HTTP/1 or HTTP/2. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Which requests are taken. */
export interface Senders {
  /** `name=value`, as OTEL_EXPORTER_OTLP_HEADERS has it. Empty where none is needed. */
  readonly header: string;
  /** @throws Refusal for a request of any other sender */
  checkHeader(headers: RequestHeaders): void;
  /** @throws Refusal for a request that came by way of a browser, or that was sent to the name of another host */
  checkWay(headers: RequestHeaders): void;
}

/**
 * Every process of the host can reach the receiver, and every page in a browser of the host too. Only the program gets the
 * random value of the header. A request with the header `Origin` comes from a browser, and one to the name of another host
 * from a page whose name was made to mean this host (DNS rebinding).
 */
export function sendersOfRun(): Senders {
  // 128 bits, as many as a trace id has: it cannot be guessed within a run.
  const value = randomBytes(16).toString('hex');
  const expected = digest(value);
  return {
    header: `${runHeader}=${value}`,
    checkHeader(headers) {
      // Digests have one length and are compared in constant time, so that an answer reveals nothing about the value.
      if (!timingSafeEqual(digest(text(headers[runHeader]) ?? ''), expected)) {
        throw new Refusal('unknownSender', `send the header ${runHeader}, which OTEL_EXPORTER_OTLP_HEADERS has`);
      }
    },
    checkWay: checkLoopbackWay,
  };
}

/** Every program of this host, or with a token the programs of any host that send it as `Authorization: Bearer`. */
export function sendersTo(token: string | undefined): Senders {
  if (token === undefined) return { header: '', checkHeader: () => undefined, checkWay: checkLoopbackWay };
  const expected = digest(token);
  return {
    header: `authorization=Bearer%20${encodeURIComponent(token)}`,
    checkHeader(headers) {
      const given = /^Bearer +(\S+) *$/i.exec(text(headers.authorization) ?? '')?.[1] ?? '';
      if (!timingSafeEqual(digest(given), expected))
        throw new Refusal('unknownSender', 'send the token in the header Authorization: Bearer');
    },
    checkWay(headers) {
      if (headers.origin !== undefined) throw new Refusal('foreign', 'send it without a browser');
    },
  };
}

function checkLoopbackWay(headers: RequestHeaders): void {
  const authority = text(headers[':authority'] ?? headers.host);
  if (authority === undefined) throw new Refusal('malformed', 'send the header Host');
  const host = hostName(authority);
  if (headers.origin === undefined && host !== undefined && isLoopback(host)) return;
  throw new Refusal('foreign', 'send it to the host that OTEL_EXPORTER_OTLP_ENDPOINT has, without a proxy or browser');
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
