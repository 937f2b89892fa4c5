import type { Socket } from 'node:net';
import { KeptSocket } from '../sockets/keptSocket.ts';
import type { InputParts, LineInput } from './lineInput.ts';
import { settle } from './settle.ts';
import type { WriterLines } from './writerLines.ts';

/** Writers connected at one time. For a further one, a silent one is closed; where there is none, it is refused. Both count. */
const maxWriters = 64;
/** A writer that has sent nothing for this time since it connected is silent, ms. What it sent before is read by then. */
const silentMs = 10_000;

interface Writer {
  readonly lines: WriterLines;
  /** CLOCK_MONOTONIC. Undefined once it has sent something. */
  silentSinceNs: number | undefined;
}

/** A Unix socket on which this process listens, open to its owner and group. Its file is made again when it was removed. */
export class SocketInput implements LineInput {
  readonly #parts: InputParts;
  /** The oldest first. */
  readonly #writers = new Map<Socket, Writer>();
  readonly #socket: KeptSocket;

  constructor(path: string, parts: InputParts) {
    this.#parts = parts;
    this.#socket = new KeptSocket({
      path,
      otherPath: 'another path',
      clock: parts.clock,
      connected: (socket) => this.#take(socket),
      lost: (error) => {
        void this.#socket.stop();
        parts.ended(error);
      },
    });
  }

  start(): Promise<void> {
    return this.#socket.start();
  }

  async stop(): Promise<void> {
    await settle();
    const closed = this.#socket.stop();
    for (const [socket, { lines }] of this.#writers) {
      socket.destroy();
      lines.end();
    }
    this.#writers.clear();
    await closed;
  }

  #take(socket: Socket): void {
    if (this.#writers.size >= maxWriters && !this.#closeSilent()) {
      this.#parts.rejections.add(`more than ${maxWriters} writers at a time`);
      socket.destroy();
      return;
    }
    const lines = this.#parts.lines();
    const writer: Writer = { lines, silentSinceNs: this.#parts.clock.nowNs() };
    this.#writers.set(socket, writer);
    socket.on('data', (bytes) => {
      writer.silentSinceNs = undefined;
      if (this.#writers.has(socket)) lines.push(bytes);
    });
    // An error means that the writer was killed. What it wrote counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#writers.delete(socket)) lines.end();
    });
  }

  /** Whether a place became free. */
  #closeSilent(): boolean {
    const silentBeforeNs = this.#parts.clock.nowNs() - silentMs * 1e6;
    for (const [socket, { silentSinceNs }] of this.#writers) {
      if (silentSinceNs === undefined || silentSinceNs > silentBeforeNs) continue;
      this.#writers.delete(socket);
      socket.destroy();
      this.#parts.rejections.add(
        `a writer that had sent nothing was closed for a further one: ${maxWriters} were connected`,
      );
      return true;
    }
    return false;
  }
}
