import { isIP } from 'node:net';
import { OptionError } from '@benchlab-otel/core';

/** Where an input is, of what the user wrote. */
export type InputAddress =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'stdin' }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'agent'; readonly path?: string };

/** An input of a dashboard: what the user wrote, the node, and the address. */
export interface NamedAddress {
  readonly name: string;
  readonly node: string;
  readonly address: InputAddress;
}

/** The node of an input that names none. Inputs of one node belong together: power of one joins latencies of another. */
const defaultNode = 'local';
const named = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})=(.+)$/s;

/**
 * Reads `[NODE=]ADDRESS`. ADDRESS is the path of a file, of a FIFO or of the folder of a session, `-` for standard input,
 * `unix:PATH` or `tcp:HOST:PORT` to connect to, or `agent[:SOCKET]`. A file with `=` in its name is written `./a=b.jsonl`.
 *
 * @param ownNode the node of an address that names none
 * @throws OptionError that names `--input`
 */
export function inputAddress(given: string, ownNode: string = defaultNode): NamedAddress {
  const [, node = ownNode, address = given] = named.exec(given) ?? [];
  return { name: given, node, address: addressOf(address, given) };
}

function addressOf(text: string, given: string): InputAddress {
  if (text === '-') return { kind: 'stdin' };
  if (text === 'agent') return { kind: 'agent' };
  if (text.startsWith('agent:')) return { kind: 'agent', path: pathOf(text.slice('agent:'.length), given) };
  if (text.startsWith('unix:')) return { kind: 'unix', path: pathOf(text.slice('unix:'.length), given) };
  if (text.startsWith('tcp:')) return tcpOf(text, given);
  return { kind: 'path', path: pathOf(text, given) };
}

function tcpOf(text: string, given: string): InputAddress {
  const [, bracketed, plain = '', digits] = /^tcp:(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits ?? Number.NaN);
  const isName = isIP(host) > 0 || /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(host);
  if (isName && port >= 1 && port <= 65_535) return { kind: 'tcp', host, port };
  throw wrong(given);
}

function pathOf(path: string, given: string): string {
  if (path === '' || path.includes('\0')) throw wrong(given);
  return path;
}

function wrong(value: string): OptionError {
  const allowed =
    'a file, a FIFO, the folder of a session, - for standard input, unix:PATH, tcp:HOST:PORT with 1 to 65535, or agent[:SOCKET]; NODE= may stand before it';
  return new OptionError({ option: '--input', value, allowed });
}
