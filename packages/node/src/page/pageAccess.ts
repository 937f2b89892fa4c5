import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import { BenchlabError } from '@benchlab-otel/core';

export interface PageAccessOptions {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly allowUnprotected?: boolean;
}

/** Whether a request may see the page. */
export type PageAccess = (request: IncomingMessage) => boolean;

/**
 * Who may see a page that listens on `host`: with a token whoever has it, else everyone on this machine. Rejects with
 * `BenchlabError` PAGE_UNPROTECTED where that would be everyone in the network, unless that is what is wanted.
 */
export async function pageAccess(host: string, options: PageAccessOptions): Promise<PageAccess> {
  const { token: given, tokenFile, allowUnprotected = false } = options;
  const token = given ?? (tokenFile === undefined ? undefined : await tokenIn(tokenFile));
  if (token !== undefined) {
    const expected = digest(token);
    // Digests have one length and are compared in constant time, so that an answer tells nothing about the token.
    return ({ headers }) => timingSafeEqual(digest(bearerOf(headers.authorization)), expected);
  }
  if (!isLoopback(host) && !allowUnprotected) {
    throw new BenchlabError(
      'PAGE_UNPROTECTED',
      `The metrics page would be open to everyone who can reach ${host}.`,
      'Give it a token (token, tokenFile or TELEMETRY_METRICS_TOKEN_FILE), listen on 127.0.0.1, or set allowUnprotected.',
    );
  }
  return () => true;
}

/** A file that somebody else has given the page. */
export async function pageFile(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // what readFile rejects with
    throw new BenchlabError(
      'BAD_OPTION',
      `The ${option} of the metrics page cannot be read: ${path} (${code}).`,
      'Check the path, and that this user may read the file.',
      { cause },
    );
  }
}

export function isToken(token: string): boolean {
  // Source: RFC 6750, section 2.1, b64token.
  return /^[A-Za-z0-9\-._~+/]+=*$/.test(token);
}

async function tokenIn(file: string): Promise<string> {
  const token = (await pageFile('tokenFile', file)).trim();
  if (isToken(token)) return token;
  throw new BenchlabError(
    'BAD_OPTION',
    `The tokenFile of the metrics page, ${file}, holds no bearer token.`,
    'Write one line of letters, digits and -._~+/ into it: openssl rand -hex 32.',
  );
}

function bearerOf(header: string | undefined): string {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '';
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
