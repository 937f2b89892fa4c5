import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { checkSocketPath } from '../sockets/socketPath.ts';
import { cannotRead } from './cannotRead.ts';
import { FifoInput } from './fifoInput.ts';
import { FileInput } from './fileInput.ts';
import type { InputParts, LineInput } from './lineInput.ts';
import { SocketInput } from './socketInput.ts';
import { StreamInput } from './streamInput.ts';
import { UdpInput } from './udpInput.ts';

/** Makes a new input, at each start. */
export type OpenInput = (parts: InputParts) => LineInput | Promise<LineInput>;

/** The input that an address names. A new kind of input is one line here. @throws OptionError for another address */
export function inputOf(from: string | Readable): OpenInput {
  if (typeof from !== 'string') return ofStream(from);
  if (from === '-') return ofStream(process.stdin);
  if (from.startsWith('unix:')) return ofSocket(from.slice('unix:'.length));
  if (from.startsWith('udp:')) return ofPort(from);
  if (from === '' || from.includes('\0')) throw badAddress(from);
  return (parts) => atPath(from, parts);
}

function ofStream(stream: Readable): OpenInput {
  if (typeof stream?.on !== 'function' || typeof stream.resume !== 'function') throw badAddress(stream);
  return (parts) => new StreamInput(stream, parts);
}

function ofSocket(path: string): OpenInput {
  checkSocketPath(path, 'from', 'unix:');
  return (parts) => new SocketInput(path, parts);
}

function ofPort(from: string): OpenInput {
  const text = from.slice('udp:'.length);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 1 && port <= 65_535)) throw badAddress(from);
  return (parts) => new UdpInput(port, parts);
}

async function atPath(path: string, parts: InputParts): Promise<LineInput> {
  const found = await stat(path).catch((cause) => {
    throw cannotRead(path, cause);
  });
  if (found.isFIFO()) return new FifoInput(path, parts);
  if (found.isFile()) return new FileInput(path, parts);
  const what = found.isSocket() ? 'a socket. To listen on one, write unix:PATH' : 'neither a file nor a FIFO';
  throw new BenchlabError('BAD_OPTION', `${path} is ${what}.`, 'Name a file, a FIFO, unix:PATH or udp:PORT.');
}

function badAddress(from: unknown): OptionError {
  const allowed = 'a file, a FIFO, unix:PATH, udp:PORT with 1 to 65535, - for standard input, or a readable stream';
  return new OptionError({ option: 'from', value: from, allowed });
}
