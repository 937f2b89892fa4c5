import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { alreadyStarted, BenchlabError, numberOption, OptionError, systemClock } from '@benchlab-otel/core';
import { diag } from '@opentelemetry/api';
import { BusReader, type Leaving } from '../bus/busReader.ts';
import { maxNumberedLineBytes } from '../samples/bounds.ts';
import { KeptSocket } from '../sockets/keptSocket.ts';
import { isLoopback, type ServerAddress, serverAddress } from '../sockets/serverAddress.ts';

export interface LineServerOptions {
  /** Readers at one time, 1 to 1,024; further ones are refused and counted. Default 64. */
  readonly maxReaders?: number;
  /** Lets other hosts read: without it, an address that they reach is refused. There is no password. Default false. */
  readonly unprotected?: boolean;
  /** Name of the option that the address comes from, for errors. Default `to`. */
  readonly option?: string;
}

/** What a line server counts since its start. */
export interface LineServerCounts {
  /** Lines that slow readers missed, each counted once for each reader. */
  readonly dropped: number;
  /** Lines that are longer than 64 KiB or have a line feed within them. */
  readonly refusedLines: number;
  /** Connections that were refused or ended, by reason. */
  readonly refusedReaders: Readonly<Record<'too_many' | 'too_slow' | 'not_silent', number>>;
}

/** Time that `stop` gives readers to take what was sent, ms. */
const graceMs = 200;

/**
 * Serves lines to other programs on `unix:PATH` (mode 0660) or `tcp:HOST:PORT`. Every reader gets the lines that come after
 * it connected. `push` never waits: 256 KiB wait for a slow reader, then its oldest lines are dropped and counted, and no
 * other reader notices. A reader that writes is disconnected.
 *
 * @throws OptionError for another address, for one that other hosts reach without `unprotected`, or for a wrong bound
 * @example
 * const server = new LineServer('unix:/run/app/events.sock');
 * await server.start();
 * server.push('{"event":"launch"}');
 * await server.stop();
 */
export class LineServer {
  readonly #address: ServerAddress;
  readonly #maxReaders: number;
  readonly #option: string;
  readonly #readers = new Set<BusReader>();
  readonly #refusedReaders = { too_many: 0, too_slow: 0, not_silent: 0 };
  #dropped = 0;
  #refusedLines = 0;
  #pending: Buffer[] = [];
  #isFlushDue = false;
  #server: Server | undefined;
  #socket: KeptSocket | undefined;

  constructor(to: string, { maxReaders = 64, unprotected = false, option = 'to' }: LineServerOptions = {}) {
    this.#address = serverAddress(to, option);
    if (this.#address.kind === 'tcp' && !unprotected && !isLoopback(this.#address.host)) {
      const why = 'because other hosts could read the lines without a password';
      const allowed = `unix:PATH or tcp:127.0.0.1:PORT, ${why}. Where that is intended, set unprotected`;
      throw new OptionError({ option, value: to, allowed });
    }
    this.#maxReaders = numberOption('maxReaders', maxReaders, { least: 1, most: 1024, isWhole: true });
    this.#option = option;
  }

  /** Programs that are connected. */
  get readers(): number {
    return this.#readers.size;
  }

  get counts(): LineServerCounts {
    return {
      dropped: this.#dropped,
      refusedLines: this.#refusedLines,
      refusedReaders: { ...this.#refusedReaders },
    };
  }

  /** `unix:PATH` or `tcp:HOST:PORT`, with the port that port 0 became. */
  get address(): string {
    if (this.#address.kind === 'unix') return `unix:${this.#address.path}`;
    const { host, port } = this.#address;
    const bound = (this.#server?.address() as AddressInfo | null | undefined)?.port ?? port; // it listens on TCP
    return `tcp:${host.includes(':') ? `[${host}]` : host}:${bound}`;
  }

  /**
   * Resolves when readers can connect.
   *
   * @throws BenchlabError PORT_IN_USE when another process listens there; BAD_OPTION when the address cannot be used
   */
  async start(): Promise<void> {
    if (this.#server !== undefined || this.#socket !== undefined) throw alreadyStarted('The line server');
    try {
      await (this.#address.kind === 'tcp'
        ? this.#listenOnTcp(this.#address)
        : this.#listenOnSocket(this.#address.path));
    } catch (error) {
      this.#server = undefined;
      this.#socket = undefined;
      throw error;
    }
  }

  /** Sends what waits, disconnects readers and removes the socket. Safe unstarted and repeated. */
  async stop(): Promise<void> {
    const server = this.#server;
    const socket = this.#socket;
    this.#server = undefined;
    this.#socket = undefined;
    this.#flush();
    const closed = Promise.all([server === undefined ? undefined : closing(server), socket?.stop()]);
    for (const reader of this.#readers) reader.close(graceMs);
    this.#readers.clear();
    await closed;
  }

  #listenOnTcp(address: Extract<ServerAddress, { kind: 'tcp' }>): Promise<void> {
    this.#server = createServer((socket) => this.#join(socket));
    return listenOnTcp(this.#server, address, this.#option);
  }

  #listenOnSocket(path: string): Promise<void> {
    this.#socket = new KeptSocket({
      path,
      otherPath: `another path: ${this.#option}`,
      clock: systemClock,
      connected: (socket) => this.#join(socket),
      lost: ({ message }) => diag.error(`No reader can connect to the line server. ${message}`),
    });
    return this.#socket.start();
  }

  /** Sends a line to every reader. Without its line end; a line that is too long or has a line feed within it is refused. */
  push(line: string): void {
    if (this.#readers.size === 0 && !line.includes('\n')) return;
    const bytes = Buffer.from(`${line}\n`);
    if (bytes.length > maxNumberedLineBytes || line.includes('\n')) {
      this.#refusedLines++;
      return;
    }
    this.#pending.push(bytes);
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => this.#flush());
  }

  /** All lines of one turn of the event loop go out in one write for each reader. */
  #flush(): void {
    this.#isFlushDue = false;
    const lines = this.#pending.map((bytes) => ({ bytes, isDroppable: true }));
    if (lines.length === 0) return;
    this.#pending = [];
    const joined = Buffer.concat(lines.map(({ bytes }) => bytes));
    for (const reader of this.#readers) reader.take(lines, joined);
  }

  #join(socket: Socket): void {
    if (this.#readers.size >= this.#maxReaders) {
      this.#refusedReaders.too_many++;
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    // Lines are live: the kernel must not wait for more of them (tcp(7), TCP_NODELAY).
    socket.setNoDelay(true);
    // Lines that wait are for the readers that are connected.
    this.#flush();
    const reader = new BusReader(socket, {
      dropped: (lines) => {
        this.#dropped += lines;
      },
      gone: (gone, why) => this.#left(gone, why),
    });
    this.#readers.add(reader);
  }

  #left(reader: BusReader, why: Leaving): void {
    if (this.#readers.delete(reader) && why !== 'left') this.#refusedReaders[why]++;
  }
}

function closing(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

async function listenOnTcp(
  server: Server,
  { host, port }: Extract<ServerAddress, { kind: 'tcp' }>,
  option: string,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    // Not once: a later error without a listener would end the process.
    server.on('error', (cause: NodeJS.ErrnoException) => {
      const what = `This process cannot listen at ${host}:${port} (${cause.code ?? cause.message}).`;
      const code = cause.code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'BAD_OPTION';
      const fix = `End the program that has it, or pass ${option} with another address or port.`;
      reject(new BenchlabError(code, what, fix, { cause }));
    });
    server.listen({ host, port, exclusive: true }, () => resolve());
  });
}
