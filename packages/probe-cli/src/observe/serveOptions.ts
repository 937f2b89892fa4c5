import { readFile } from 'node:fs/promises';
import { OptionError } from '@benchlab-otel/core';
import { isLoopback, serverAddress } from '@benchlab-otel/wire';

export interface ServeOptions {
  /** `HOST:PORT` */
  readonly listen: string;
  readonly tokenFile?: string;
  /** ms */
  readonly for?: number;
  readonly scrape?: string;
  readonly json?: string;
  /** A file of expectations; true for the one of the default name. */
  readonly expect?: string | true;
  /** Where the received telemetry is written. */
  readonly save?: string;
}

/** Where requests are received, and the token that they need. */
export interface ServeAddress {
  readonly host: string;
  readonly port: number;
  readonly token?: string;
}

/** @throws OptionError for a wrong address, a wrong file, and an address that other hosts could use without a token */
export async function serveAddress({ listen, tokenFile }: ServeOptions): Promise<ServeAddress> {
  const { host, port } = hostAndPort(listen);
  if (tokenFile !== undefined) return { host, port, token: await tokenIn(tokenFile) };
  if (isLoopback(host)) return { host, port };
  const allowed = '127.0.0.1:PORT, or with --token-file any address: without a token every host could send here';
  throw new OptionError({ option: 'listen', value: listen, allowed });
}

/** @throws OptionError when it is not the address of a page */
export function checkScrapeUrl(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'http:' || protocol === 'https:') return;
  const allowed = 'the address of a metrics page: http://127.0.0.1:9464/metrics';
  throw new OptionError({ option: 'scrape', value: url, allowed, isSecret: url.includes('@') });
}

function hostAndPort(listen: string): { readonly host: string; readonly port: number } {
  const allowed = 'HOST:PORT with an IP address or localhost and a port from 0 to 65535: 127.0.0.1:4317, [::1]:4317';
  try {
    const address = serverAddress(`tcp:${listen}`, 'listen');
    if (address.kind === 'tcp') return address;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
  }
  throw new OptionError({ option: 'listen', value: listen, allowed });
}

async function tokenIn(file: string): Promise<string> {
  const refuse = (allowed: string, cause?: unknown) =>
    new OptionError({ option: 'tokenFile', value: file, allowed }, { cause });
  let token: string;
  try {
    token = (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // what readFile rejects with
    throw refuse(`the path of a file that this user may read (${code})`, cause);
  }
  // Source: RFC 6750, section 2.1, b64token.
  if (/^[A-Za-z0-9\-._~+/]{16,}=*$/.test(token)) return token;
  throw refuse('a file with one line of 16 or more letters, digits and -._~+/ (openssl rand -hex 32 makes one)');
}
