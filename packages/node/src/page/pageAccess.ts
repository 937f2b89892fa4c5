import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { hostName, isLoopback } from '@benchlab-otel/wire';
import { isToken } from './pageOptions.ts';

export interface PageAccessOptions {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly allowUnprotected?: boolean;
  readonly hosts?: readonly string[];
}

/** Why a request may not see the page: it has no token, or it comes from a page of another site. Undefined when it may. */
export type PageAccess = (request: IncomingMessage) => 'token' | 'host' | undefined;

/**
 * Which requests may read a page that listens on `host`: with a token the requests that carry it, else those that a browser
 * does not send for a page of another site. Rejects with `BenchlabError` PAGE_UNPROTECTED where these would include other
 * machines, unless `allowUnprotected` is set.
 */
export async function pageAccess(host: string, options: PageAccessOptions): Promise<PageAccess> {
  const { token: given, tokenFile, allowUnprotected = false } = options;
  const token = given ?? (tokenFile === undefined ? undefined : await tokenIn(tokenFile));
  if (token !== undefined) {
    const expected = digest(token);
    // Digests have one length and are compared in constant time, so that an answer reveals nothing about the token.
    return ({ headers }) => (timingSafeEqual(digest(bearerOf(headers.authorization)), expected) ? undefined : 'token');
  }
  if (!isLoopback(host) && !allowUnprotected) {
    throw new BenchlabError(
      'PAGE_UNPROTECTED',
      `The metrics page would be open to every machine that can reach ${host}.`,
      'Give it a token (token, tokenFile or TELEMETRY_METRICS_TOKEN_FILE), listen on 127.0.0.1, or allow this with ' +
        'allowUnprotected or TELEMETRY_METRICS_UNPROTECTED=true.',
    );
  }
  return hostAccess([host, ...(options.hosts ?? [])]);
}

/**
 * A page of another site in a browser of this machine reaches the metrics page too, and can make its own name mean this
 * machine (DNS rebinding): then `Host` has that name. Such a page cannot have an address of this machine as its name.
 */
function hostAccess(hosts: readonly string[]): PageAccess {
  const known = new Set(hosts.map(nameOf));
  return ({ headers, socket }) => {
    const name = hostName(headers.host);
    const isOwn = name !== undefined && (isLoopback(name) || name === nameOf(socket.localAddress) || known.has(name));
    return isOwn && headers.origin === undefined ? undefined : 'host';
  };
}

/** A name or an address as `hostName` has it in a request. */
function nameOf(host: string | undefined): string | undefined {
  return hostName(host !== undefined && isIPv6(host) ? `[${host}]` : host);
}

/** The text of a file that an option of the page names. @throws OptionError when it cannot be read. */
export async function pageFile(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // what readFile rejects with
    const allowed = `the path of a file that this user may read, for the metrics page (${code})`;
    throw new OptionError({ option, value: path, allowed }, { cause });
  }
}

async function tokenIn(file: string): Promise<string> {
  const token = (await pageFile('tokenFile', file)).trim();
  if (isToken(token)) return token;
  const allowed = 'the path of a file with one line of letters, digits and -._~+/ (openssl rand -hex 32 makes one)';
  throw new OptionError({ option: 'tokenFile', value: file, allowed });
}

function bearerOf(header: string | undefined): string {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '';
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
