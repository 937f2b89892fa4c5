import { isIP, isIPv4, isIPv6 } from 'node:net';
import { OptionError } from '@benchlab-otel/core';
import { checkSocketPath } from './socketPath.ts';

/** Where a server listens: a Unix socket, or a TCP port of one address. */
export type ServerAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/**
 * Reads `unix:PATH` or `tcp:HOST:PORT`. HOST is an IP address or `localhost`: other names may change which address they
 * mean, and with it who can connect. An IPv6 address stands in brackets: `tcp:[::1]:8081`.
 *
 * @throws OptionError that names `option`
 */
export function serverAddress(to: unknown, option = 'to'): ServerAddress {
  if (typeof to === 'string' && to.startsWith('unix:')) {
    const path = to.slice('unix:'.length);
    checkSocketPath(path, option, 'unix:');
    return { kind: 'unix', path };
  }
  const [, bracketed, plain, digits] =
    (typeof to === 'string' && /^tcp:(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(to)) || [];
  const host = bracketed ?? plain ?? '';
  const port = Number(digits ?? Number.NaN);
  if ((isIP(host) > 0 || host === 'localhost') && port <= 65_535) return { kind: 'tcp', host, port };
  const allowed = 'unix:PATH, or tcp:HOST:PORT with an IP address or localhost and a port from 0 to 65535';
  throw new OptionError({ option, value: to, allowed });
}

/** Only programs of this host reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/**
 * The name or address in a `Host` header, without its port, in the one form that can be compared: in lower case, a name
 * without its final dot, an IPv6 address without brackets and zone and as short as RFC 5952 asks, an IPv4 address within
 * IPv6 (RFC 4291, section 2.5.5.2) as IPv4. Undefined where there is not exactly one.
 */
export function hostName(header: string | undefined): string | undefined {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]@/,\s]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  if (bracketed !== undefined) return shortAddress(bracketed);
  return plain?.toLowerCase().replace(/\.$/, '');
}

function shortAddress(bracketed: string): string | undefined {
  const address = bracketed.replace(/%.*$/, '');
  if (!isIPv6(address)) return undefined;
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short)?.slice(1);
  if (mapped === undefined) return short;
  return mapped.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]).join('.');
}
