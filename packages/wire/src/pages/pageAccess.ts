import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { hostName, isLoopback } from '../sockets/serverAddress.ts';

/** Who may read a page: those with the token, or all that reach it. Without a token, `hosts` are further names of it. */
export interface PageAccessOptions {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly allowUnprotected?: boolean;
  readonly hosts?: readonly string[];
}

/** How a page calls itself and its options in errors. */
export interface PageWords {
  /** `metrics page` */
  readonly page: string;
  /** What to do about a page that every machine could read. */
  readonly protect: string;
  /** What to do about a name that is refused. */
  readonly allowHost: string;
  /** The option of the file with the token, of the certificate, of its key, and of the port. */
  readonly options: {
    readonly tokenFile: string;
    readonly certFile: string;
    readonly keyFile: string;
    readonly port: string;
  };
}

/** A page that browsers show, beside programs. */
export interface BrowserAccess {
  /** The cookie that may hold the token. */
  readonly cookie: string;
}

/** Why a request may not see the page: it has no token, or it comes from a page of another site. Undefined when it may. */
export type PageAccess = (request: IncomingMessage) => 'token' | 'host' | undefined;

/**
 * Which requests may read a page that listens on `host`: with a token the requests that carry it, else those that a browser
 * does not send for a page of another site. Rejects with `BenchlabError` PAGE_UNPROTECTED where these would include other
 * machines, unless `allowUnprotected` is set.
 *
 * @param browser the page itself may send requests: those of its own origin pass, and its cookie may hold the token
 */
export async function pageAccess(
  host: string,
  options: PageAccessOptions,
  words: PageWords,
  browser?: BrowserAccess,
): Promise<PageAccess> {
  const token = await pageToken(options, words);
  if (token !== undefined) return tokenAccess(token, browser);
  if (!isLoopback(host) && options.allowUnprotected !== true) {
    throw new BenchlabError(
      'PAGE_UNPROTECTED',
      `The ${words.page} would be open to every machine that can reach ${host}.`,
      words.protect,
    );
  }
  return hostAccess([host, ...(options.hosts ?? [])], browser !== undefined);
}

/** The token of a page, or undefined where it has none. @throws OptionError for a file that has no token. */
export async function pageToken(
  { token, tokenFile }: PageAccessOptions,
  words: PageWords,
): Promise<string | undefined> {
  if (token !== undefined || tokenFile === undefined) return token;
  const option = words.options.tokenFile;
  const read = (await pageFile(option, tokenFile, words.page)).trim();
  if (isToken(read)) return read;
  const allowed = 'the path of a file with one line of letters, digits and -._~+/ (openssl rand -hex 32 makes one)';
  throw new OptionError({ option, value: tokenFile, allowed });
}

/** Whether a text is the token, compared in constant time: digests have one length, and the answer reveals nothing of it. */
export function isSameToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function tokenAccess(token: string, browser: BrowserAccess | undefined): PageAccess {
  return ({ headers }) => {
    const isBearer = isSameToken(bearerOf(headers.authorization), token);
    if (browser === undefined) return isBearer ? undefined : 'token';
    // Cookies do not know ports: a page of another server of the same host would send ours.
    if (!isOwnOrigin(headers)) return 'host';
    return isBearer || isSameToken(cookieOf(headers.cookie, browser.cookie), token) ? undefined : 'token';
  };
}

/**
 * A page of another site in a browser of this machine reaches this page too, and can make its own name mean this machine (DNS
 * rebinding): then `Host` has that name. Such a page cannot have an address of this machine as its name.
 */
function hostAccess(hosts: readonly string[], isForBrowsers: boolean): PageAccess {
  const known = new Set(hosts.map(nameOf));
  return ({ headers, socket }) => {
    const name = hostName(headers.host);
    const isOwn = name !== undefined && (isLoopback(name) || name === nameOf(socket.localAddress) || known.has(name));
    const isFromHere = isForBrowsers ? isOwnOrigin(headers) : headers.origin === undefined;
    return isOwn && isFromHere ? undefined : 'host';
  };
}

/** Not sent by a page, or by a page that this server has sent: scheme apart, `Origin` is `Host` then, with the port. */
function isOwnOrigin({ origin, host }: IncomingMessage['headers']): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/** A name or an address as `hostName` has it in a request. */
function nameOf(host: string | undefined): string | undefined {
  return hostName(host !== undefined && isIPv6(host) ? `[${host}]` : host);
}

/** The text of a file that an option of the page names. @throws OptionError when it cannot be read. */
export async function pageFile(option: string, path: string, page: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // what readFile rejects with
    const allowed = `the path of a file that this user may read, for the ${page} (${code})`;
    throw new OptionError({ option, value: path, allowed }, { cause });
  }
}

/** Whether a text can stand in `Authorization: Bearer`. */
export function isToken(token: string): boolean {
  // Source: RFC 6750, section 2.1, b64token.
  return /^[A-Za-z0-9\-._~+/]+=*$/.test(token);
}

function bearerOf(header: string | undefined): string {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '';
}

function cookieOf(header: string | undefined, name: string): string {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
