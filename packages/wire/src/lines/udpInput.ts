import { createSocket } from 'node:dgram';
import { BenchlabError } from '@benchlab-otel/core';
import type { InputParts, LineInput } from './lineInput.ts';
import { settle } from './settle.ts';

/**
 * Datagrams to a port of 127.0.0.1, each of one or more whole lines. Any process of the host can send them, and datagrams
 * that the kernel drops are not counted: use it for few lines, and for programs that can do nothing else.
 */
export class UdpInput implements LineInput {
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
    // Lines are numbered through all datagrams: a refused line has its number since the start.
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
  const what = `This process cannot listen on UDP port ${port} of 127.0.0.1 (${cause.code ?? cause.message}).`;
  const code = cause.code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'BAD_OPTION';
  return new BenchlabError(code, what, 'Choose another port: udp:PORT.', { cause });
}
