import type { BenchlabError } from '@benchlab-otel/core';
import type { Transport, TransportFactory, TransportListener } from '../transport/transport.ts';

/** What a device sends for a request: chunks, in order, or nothing. */
export type Answer = (request: Uint8Array) => readonly Uint8Array[];

/** The in-memory twin of a serial port: what stands behind the port is a function. */
export class MemoryPort {
  /** Every request that was written, in hexadecimal. */
  readonly written: string[] = [];
  /** What the next open rejects with. */
  openError: BenchlabError | undefined;
  /** What the device sends by itself when the port is opened. */
  greeting: readonly Uint8Array[] = [];
  answer: Answer;
  isOpen = false;
  #listener: TransportListener | undefined;

  constructor(answer: Answer) {
    this.answer = answer;
  }

  readonly transport: TransportFactory = (path) => {
    const port = this;
    const transport: Transport = {
      path,
      async open(listener) {
        if (port.openError) throw port.openError;
        port.isOpen = true;
        port.#listener = listener;
        queueMicrotask(() => port.send(...port.greeting));
      },
      async flush() {},
      async write(bytes) {
        if (!port.isOpen) throw new Error('write after close');
        port.written.push(Buffer.from(bytes).toString('hex'));
        queueMicrotask(() => port.send(...port.answer(bytes)));
      },
      async close() {
        port.isOpen = false;
        port.#listener = undefined;
      },
    };
    return transport;
  };

  /** The device sends these chunks now. */
  send(...chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.#listener?.data(chunk);
  }

  /** The device is gone. */
  unplug(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    this.isOpen = false;
    listener?.closed(new Error('bad file descriptor'));
  }
}
