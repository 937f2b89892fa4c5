import { createServer, type Server, type Socket } from 'node:net';
import {
  type Clock,
  type DeviceEvent,
  type PollReport,
  type Sample,
  type SampleConsumer,
  type SelfCount,
  type SourceLoss,
  systemClock,
} from '@benchlab-otel/core';
import { agentSockets, checkSocketPath } from '../sockets/socketPath.ts';
import { listenOnUnixSocket } from '../sockets/unixSocket.ts';
import { BusCounts } from './busCounts.ts';
import { BusReader, type Leaving } from './busReader.ts';
import { clockIdentity } from './clockIdentity.ts';
import { BusEncoder } from './encoder.ts';
import { type BusLine, busSchema, busVersion, type ClockIdentity } from './protocol.ts';

export interface SampleBusOptions {
  /** Of the socket. Default: `agentSockets()[0]`. */
  readonly path?: string;
  /** Readers at once, 1 to 1,024; more are turned away and counted. Default 64. */
  readonly maxReaders?: number;
  readonly clock?: Clock;
}

/** What `stop` grants readers to take what was sent, ms. */
const graceMs = 200;

/**
 * Serves samples to other processes of this host on a Unix socket, for `agentReceiver()` to read. A consumer like any
 * other: it never waits for a reader, and what one reader does not take slows nobody.
 *
 * @throws RangeError or BenchlabError that names the wrong option
 * @example
 * const bus = new SampleBus();
 * await bus.start();
 * await startTelemetry({ receivers: [benchlabReceiver()], consumers: [bus] });
 */
export class SampleBus implements SampleConsumer {
  readonly path: string;
  readonly #maxReaders: number;
  readonly #clock: Clock;
  readonly #encoder = new BusEncoder();
  readonly #readers = new Set<BusReader>();
  readonly #counts = new BusCounts();
  #pending: BusLine[] = [];
  #server: Server | undefined;
  #identity: ClockIdentity | undefined;
  #isFlushDue = false;

  constructor({ path = agentSockets()[0], maxReaders = 64, clock = systemClock }: SampleBusOptions = {}) {
    checkSocketPath(path);
    if (!Number.isInteger(maxReaders) || maxReaders < 1 || maxReaders > 1024) {
      throw new RangeError(`maxReaders: ${maxReaders} is not a whole number from 1 to 1024.`);
    }
    this.path = path;
    this.#maxReaders = maxReaders;
    this.#clock = clock;
  }

  /** Processes that are connected. */
  get readers(): number {
    return this.#readers.size;
  }

  /** Resolves when readers can connect. Rejects with a BenchlabError: see `listenOnUnixSocket`. */
  async start(): Promise<void> {
    if (this.#server !== undefined) throw new Error('The sample bus is already started: stop it first.');
    this.#identity = clockIdentity();
    const server = createServer((socket) => this.#join(socket));
    this.#server = server;
    try {
      await listenOnUnixSocket(server, this.path, 'another path: --socket PATH');
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
  }

  /** Lets readers go and removes the socket. Safe unstarted and repeated. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    this.#flush();
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const reader of this.#readers) reader.close(graceMs);
    this.#readers.clear();
    await closed;
  }

  counts(): readonly SelfCount[] {
    this.#counts.dropped.no_room = this.#encoder.leftOut;
    return this.#counts.told(this.#readers.size);
  }

  // Without a reader nothing is made: who comes later is told of a source with its next sample, and not of the past.
  sample(sample: Sample): void {
    if (this.#readers.size > 0) this.#send(this.#encoder.sample(sample));
  }

  lost(loss: SourceLoss): void {
    this.#send(this.#encoder.lost(loss));
  }

  polled(report: PollReport): void {
    if (this.#readers.size > 0) this.#send(this.#encoder.polled(report));
  }

  event(event: DeviceEvent): void {
    if (this.#readers.size > 0) this.#send(this.#encoder.event(event));
  }

  /** What comes within one turn of the event loop goes out in one write for each reader. */
  #send(lines: readonly BusLine[]): void {
    if (this.#readers.size === 0) return;
    this.#pending.push(...lines);
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushDue = false;
    const lines = this.#pending;
    if (lines.length === 0) return;
    this.#pending = [];
    const joined = Buffer.concat(lines.map(({ bytes }) => bytes));
    for (const reader of this.#readers) reader.take(lines, joined);
  }

  #join(socket: Socket): void {
    if (this.#readers.size >= this.#maxReaders || this.#identity === undefined) {
      this.#counts.refused.too_many += 1;
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    // What waits was announced to those who are there; the newcomer is told with all the rest.
    this.#flush();
    const hello = {
      bus: busSchema,
      version: busVersion,
      pid: process.pid,
      ...this.#identity,
      timeNs: this.#clock.nowNs(),
    } as const;
    const lines = [this.#encoder.hello(hello), ...this.#encoder.announcements()];
    const reader = new BusReader(socket, {
      dropped: (lines) => {
        this.#counts.dropped.too_slow += lines;
      },
      sent: (bytes) => {
        this.#counts.sentBytes += bytes;
      },
      gone: (gone, why) => this.#left(gone, why),
    });
    this.#readers.add(reader);
    reader.take(lines, Buffer.concat(lines.map(({ bytes }) => bytes)));
  }

  #left(reader: BusReader, why: Leaving): void {
    if (this.#readers.delete(reader) && why !== 'left') this.#counts.refused[why] += 1;
  }
}
