import { createSocket } from 'node:dgram';
import { BenchlabError } from '@benchlab-otel/core';
import { settle } from './settle.ts';
import type { InputParts, StageInput } from './stageInput.ts';

/**
 * Datagrams to a port of 127.0.0.1, each of one or more whole lines. Any process of the host can send them, and what the
 * kernel drops nobody counts: for few events, and for programs that can do nothing else.
 */
export class UdpInput implements StageInput {
  readonly #port: number;
  readonly #parts: InputParts;
  readonly #socket = createSocket('udp4');
  #isBound = false;

  constructor(port: number, parts: InputParts) {
    this.#port = port;
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const socket = this.#socket;
    // Numbered through all datagrams: the number of a line that is refused is that since the start.
    const lines = this.#parts.lines();
    socket.on('message', (bytes) => {
      lines.push(bytes);
      lines.end();
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(this.#port, error)));
      socket.bind({ port: this.#port, address: '127.0.0.1', exclusive: true }, resolve);
    });
    this.#isBound = true;
    socket.on('error', (error: NodeJS.ErrnoException) => this.#parts.ended(cannotListen(this.#port, error)));
  }

  async stop(): Promise<void> {
    if (this.#isBound) await settle();
    this.#socket.removeAllListeners('message');
    await new Promise<void>((resolve) => {
      this.#socket.close(() => resolve());
    });
  }
}

function cannotListen(port: number, cause: NodeJS.ErrnoException): BenchlabError {
  const what = `UDP port ${port} of 127.0.0.1 cannot be listened on (${cause.code ?? cause.message}).`;
  const code = cause.code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'BAD_OPTION';
  return new BenchlabError(code, what, 'Choose another one: udp:PORT.', { cause });
}
