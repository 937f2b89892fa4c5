import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { isLoopback } from '@benchlab-otel/wire';
import { isToken } from './pageOptions.ts';

export interface PageAccessOptions {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly allowUnprotected?: boolean;
}

/** Whether a request may see the page. */
export type PageAccess = (request: IncomingMessage) => boolean;

/**
 * Which requests may read a page that listens on `host`: with a token the requests that carry it, else all. Rejects with
 * `BenchlabError` PAGE_UNPROTECTED where all would include other machines, unless `allowUnprotected` is set.
 */
export async function pageAccess(host: string, options: PageAccessOptions): Promise<PageAccess> {
  const { token: given, tokenFile, allowUnprotected = false } = options;
  const token = given ?? (tokenFile === undefined ? undefined : await tokenIn(tokenFile));
  if (token !== undefined) {
    const expected = digest(token);
    // Digests have one length and are compared in constant time, so that an answer reveals nothing about the token.
    return ({ headers }) => timingSafeEqual(digest(bearerOf(headers.authorization)), expected);
  }
  if (!isLoopback(host) && !allowUnprotected) {
    throw new BenchlabError(
      'PAGE_UNPROTECTED',
      `The metrics page would be open to every machine that can reach ${host}.`,
      'Give it a token (token, tokenFile or TELEMETRY_METRICS_TOKEN_FILE), listen on 127.0.0.1, or allow this with ' +
        'allowUnprotected or TELEMETRY_METRICS_UNPROTECTED=true.',
    );
  }
  return () => true;
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
