import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { BenchlabError, type Clock } from '@benchlab-otel/core';
import { type LineSource, readLines } from '@benchlab-otel/wire';
import type { InputAddress } from './inputAddress.ts';

/** A server that does not answer for this time is not there, ms. */
const connectMs = 5_000;

/** Connects to a server of lines, such as `benchlab-probe tail`. Rejects when no server answers. Nothing is written to the server. */
export async function connectedLines(
  address: Extract<InputAddress, { kind: 'unix' | 'tcp' }>,
  name: string,
  clock: Clock,
): Promise<LineSource> {
  const socket = await connected(
    address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port },
    name,
  );
  const lines = readLines(socket, { name, clock });
  return {
    name,
    start: (consumer) => lines.start(consumer),
    async stop() {
      await lines.stop();
      socket.destroy();
    },
  };
}

function connected(options: NetConnectOpts, name: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(options);
    const timer = setTimeout(() => socket.destroy(new Error(`no answer for ${connectMs / 1000} s`)), connectMs);
    const failed = (cause: Error) => {
      clearTimeout(timer);
      const code = (cause as NodeJS.ErrnoException).code ?? cause.message;
      const fix = 'Start the program that serves it: benchlab-probe tail.';
      reject(new BenchlabError('DEVICE_LOST', `Nothing answers at ${name} (${code}).`, fix, { cause }));
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      // Until the reader listens: an error in between must not end the process. The reader learns of it by the close.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
