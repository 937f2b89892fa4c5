import type { Socket } from 'node:net';
import {
  alreadyStarted,
  type Clock,
  createReport,
  type DeviceEvent,
  knownOptions,
  numberOption,
  type OptionNames,
  type PollReport,
  type Sample,
  type SampleConsumer,
  type SelfCount,
  type SourceLoss,
  systemClock,
  textOption,
} from '@benchlab-otel/core';
import { diag } from '@opentelemetry/api';
import type { EncodedLine } from '../samples/encodedLine.ts';
import { KeptSocket } from '../sockets/keptSocket.ts';
import { agentSockets, checkSocketPath } from '../sockets/socketPath.ts';
import { BusCounts } from './busCounts.ts';
import { BusReader, type Leaving } from './busReader.ts';
import { clockIdentity } from './clockIdentity.ts';
import { BusEncoder } from './encoder.ts';
import { busSchema, busVersion, type ClockIdentity, type HelloMessage } from './protocol.ts';

export interface SampleBusOptions {
  /** Path of the socket. Default: `agentSockets()[0]`. */
  readonly path?: string;
  /** Readers at one time, 1 to 1,024; further ones are refused, with the reason, and counted. Default 64. */
  readonly maxReaders?: number;
  /** The name of this host among several, for the first line of each connection. */
  readonly node?: string;
  readonly clock?: Clock;
}

/** Time that `stop` gives readers to take what was sent, ms. */
const graceMs = 200;

const optionNames: OptionNames<SampleBusOptions> = { path: true, maxReaders: true, node: true, clock: true };

/**
 * Serves samples to other processes of this host on a Unix socket, where `agentReceiver()` reads them. It is a consumer like
 * any other: it never waits for a reader, and a slow reader slows no other.
 *
 * @throws OptionError that names the wrong option
 * @example
 * const bus = new SampleBus();
 * await bus.start();
 * await startTelemetry({ receivers: [benchlabReceiver()], consumers: [bus] });
 */
export class SampleBus implements SampleConsumer {
  readonly path: string;
  readonly #maxReaders: number;
  readonly #node: { readonly node?: string };
  readonly #clock: Clock;
  readonly #encoder = new BusEncoder();
  readonly #readers = new Set<BusReader>();
  readonly #counts = new BusCounts();
  readonly #report = createReport('sample bus');
  #pending: EncodedLine[] = [];
  #socket: KeptSocket | undefined;
  #identity: ClockIdentity | undefined;
  #isFlushDue = false;

  constructor(options: SampleBusOptions = {}) {
    knownOptions<SampleBusOptions>('SampleBus', options, optionNames);
    const { path = agentSockets()[0], maxReaders = 64, clock = systemClock } = options;
    checkSocketPath(path);
    this.path = path;
    this.#maxReaders = numberOption('maxReaders', maxReaders, { least: 1, most: 1024, isWhole: true });
    this.#node = options.node === undefined ? {} : { node: textOption('node', options.node) };
    this.#clock = clock;
  }

  /** Processes that are connected. */
  get readers(): number {
    return this.#readers.size;
  }

  /** Resolves when readers can connect. Rejects with a BenchlabError: see `listenOnUnixSocket`. */
  async start(): Promise<void> {
    if (this.#socket !== undefined) throw alreadyStarted('The sample bus');
    this.#identity = clockIdentity();
    const socket = new KeptSocket({
      path: this.path,
      otherPath: 'another path: --socket PATH',
      clock: this.#clock,
      connected: (reader) => this.#join(reader),
      lost: ({ message }) => diag.error(`No reader can connect to the sample bus. ${message}`),
    });
    this.#socket = socket;
    try {
      await socket.start();
    } catch (error) {
      this.#socket = undefined;
      throw error;
    }
  }

  /** Disconnects readers and removes the socket. Safe unstarted and repeated. */
  async stop(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    this.#flush();
    const closed = socket.stop();
    for (const reader of this.#readers) reader.close(graceMs);
    this.#readers.clear();
    await closed;
  }

  counts(): readonly SelfCount[] {
    this.#counts.dropped.no_room = this.#encoder.leftOut;
    return this.#counts.all(this.#readers.size);
  }

  // Without a reader nothing is encoded: a later reader gets a source with its next sample, and no past samples.
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

  /** All lines of one turn of the event loop go out in one write for each reader. */
  #send(lines: readonly EncodedLine[]): void {
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
    const identity = this.#identity;
    if (identity === undefined) {
      socket.destroy();
      return;
    }
    if (this.#readers.size >= this.#maxReaders) {
      this.#turnAway(socket, identity);
      return;
    }
    // Lines that wait are for the readers that are connected. The new one gets their announcements with all others.
    this.#flush();
    const lines = [this.#encoder.hello(this.#hello(identity)), ...this.#encoder.announcements()];
    const reader = new BusReader(socket, {
      notice: (count) => this.#encoder.dropped(count),
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

  #hello(identity: ClockIdentity): HelloMessage {
    return {
      bus: busSchema,
      version: busVersion,
      pid: process.pid,
      ...identity,
      timeNs: this.#clock.nowNs(),
      ...this.#node,
    };
  }

  #turnAway(socket: Socket, identity: ClockIdentity): void {
    this.#counts.refused.too_many += 1;
    this.#report(`${this.#maxReaders} readers are connected; a further one was turned away.`);
    socket.on('error', () => undefined);
    socket.end(this.#encoder.hello({ ...this.#hello(identity), full: this.#maxReaders }).bytes);
    socket.resume();
    setTimeout(() => socket.destroy(), graceMs).unref();
  }

  #left(reader: BusReader, why: Leaving): void {
    if (this.#readers.delete(reader) && why !== 'left') this.#counts.refused[why] += 1;
  }
}
