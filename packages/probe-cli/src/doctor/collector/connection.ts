import { readFile } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { messageOf } from '@benchlab-otel/core';
import type { CollectorTarget } from './target.ts';

/** How long each step may take, ms. Exporters wait 10 s by default; a collector that needs 3 s on an idle connection is in trouble. */
export const patienceMs = 3_000;

/** @throws Error whose message names the step that failed: the files of TLS, the name, TCP or TLS */
export async function connected(target: CollectorTarget, alpn: string): Promise<Socket> {
  if (!target.secure) return opened(connectTcp(target.at), 'connect', 'TCP');
  const files = await Promise.all(
    Object.entries(target.files).map(async ([option, file]) => [option, await fileOf(file)] as const),
  );
  const servername = 'host' in target.at && !/^[\d.]+$|:/.test(target.at.host) ? { servername: target.at.host } : {};
  const socket = connectTls({ ...target.at, ...Object.fromEntries(files), ...servername, ALPNProtocols: [alpn] });
  return opened(socket, 'secureConnect', 'TLS');
}

async function fileOf(path: string): Promise<Buffer> {
  return readFile(path).catch((cause) => {
    throw new Error(`the file ${path} for TLS cannot be read: ${messageOf(cause)}`, { cause });
  });
}

function opened(socket: Socket, event: 'connect' | 'secureConnect', layer: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let hasTcp = false;
    socket.once('connect', () => {
      hasTcp = true;
    });
    socket.setTimeout(patienceMs, () => socket.destroy(new Error(`no answer within ${patienceMs / 1000} s`)));
    socket.once('error', (cause: NodeJS.ErrnoException) => {
      const isName = cause.syscall === 'getaddrinfo';
      const step = isName ? 'the name is not found' : `${hasTcp ? layer : 'TCP'} fails`;
      reject(new Error(`${step}: ${messageOf(cause)}`, { cause }));
    });
    socket.once(event, () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}
