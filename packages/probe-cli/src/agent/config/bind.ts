import { isLoopback } from '@benchlab-otel/wire';

/** Where a page listens. */
export interface PageAddress {
  readonly host: string;
  readonly port: number;
}

/** The parts of `HOST:PORT`, whose form the schema has judged. */
export function pageAddress(bind: string): PageAddress {
  const at = bind.lastIndexOf(':');
  return { host: bind.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(bind.slice(at + 1)) };
}

export function bindText({ host, port }: PageAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Other hosts can reach a page that listens there. */
export function isPublic(bind: string): boolean {
  return !isLoopback(pageAddress(bind).host);
}
