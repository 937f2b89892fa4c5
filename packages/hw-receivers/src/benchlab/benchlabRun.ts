import {
  BenchlabError,
  type Clock,
  type GuardedConsumer,
  type Polling,
  type PollResult,
  type ReceiverRun,
  startPolling,
} from '@benchlab-otel/core';
import { asBenchlabError } from './device/boards.ts';
import { type Connection, connectBoard, type PortOptions } from './device/connect.ts';
import { type CandidatePort, discoverPorts, type RefusedPort } from './device/discovery.ts';
import { deviceOf, devicesOf, type Host } from './device/host.ts';
import { LiveBoard } from './device/liveBoard.ts';
import type { Refusals } from './device/refusals.ts';
import { FrameReader } from './frame/frameReader.ts';

export interface BenchlabRunParts {
  readonly name: string;
  readonly options: PortOptions;
  readonly intervalNs: number;
  /** Random numbers for boards that answer with an instant, or do not state what their power stands for. */
  readonly dither?: () => number;
  readonly clock: Clock;
  readonly host: Host;
  readonly consumer: GuardedConsumer;
  /** What outlives a run. */
  readonly memory: { readonly refusals: Refusals; readonly readers: Map<string, FrameReader> };
}

// Looking costs a few files of sysfs, and an attempt to open for each port that is not read yet.
const lookUp = { intervalNs: 0.5e9, maxIntervalNs: 2e9, timeoutNs: 10e9 };
// Three exchanges with their watchdogs and the drain after a failure: the exchange ends by itself before this.
const readTimeoutNs = 3e9;
const maxReaders = 64;

interface Reading {
  readonly board: LiveBoard;
  readonly polling: Polling;
}

/** From one start to one stop: looks for boards without a pause, and reads each board in a loop of its own. */
export class BenchlabRun implements ReceiverRun {
  readonly #parts: BenchlabRunParts;
  readonly #readings = new Map<string, Reading>();
  readonly #closing = new Set<Promise<unknown>>();
  #lookUp: Polling | undefined;

  constructor(parts: BenchlabRunParts) {
    this.#parts = parts;
  }

  start(): void {
    const { name, clock, consumer } = this.#parts;
    this.#lookUp = startPolling({
      receiver: name,
      clock,
      ...lookUp,
      poll: (signal) => this.#look(signal),
      report: (report) => consumer.polled(report),
    });
  }

  /** Resolves when every port is closed. */
  async stop(): Promise<void> {
    for (const { board, polling } of this.#readings.values()) this.#end(board, polling);
    this.#readings.clear();
    await this.#lookUp?.stop();
    await Promise.all(this.#closing);
  }

  async #look(signal: AbortSignal): Promise<PollResult> {
    const { candidates, bootloaders } = await this.#candidates();
    const { host } = this.#parts;
    const read = new Set([...this.#readings.keys()].map((path) => deviceOf(path, host)));
    const unread = candidates.filter(({ path }) => !read.has(deviceOf(path, host)));
    const answers = await Promise.all(unread.map((port) => this.#knock(port, signal)));
    const refused = [...bootloaders, ...answers.flatMap((answer) => answer ?? [])];
    return this.#verdict(refused);
  }

  async #candidates(): Promise<{ candidates: readonly CandidatePort[]; bootloaders: readonly RefusedPort[] }> {
    const { options, host } = this.#parts;
    if (!options.ports) return discoverPorts(host.sysfs);
    const candidates = devicesOf(options.ports, host).map((path) => ({
      path,
      enumeration: host.node(path)?.enumeration ?? 'absent',
    }));
    return { candidates, bootloaders: [] };
  }

  /** Connects and starts to read, or returns the reason why not. */
  async #knock(port: CandidatePort, signal: AbortSignal): Promise<RefusedPort | undefined> {
    const { options, host, clock, memory } = this.#parts;
    const known = memory.refusals.of(port, clock.nowNs());
    if (known) return { port: port.path, error: known };
    try {
      const connection = await connectBoard(port.path, options, host, clock, signal);
      memory.refusals.accept(port);
      await this.#refuseTwin(connection);
      await this.#read(connection);
      return undefined;
    } catch (thrown) {
      const error = asBenchlabError(thrown, port.path);
      memory.refusals.add(port, error, options.ports !== undefined, clock.nowNs());
      return { port: port.path, error };
    }
  }

  /** Two boards with one UID would be one source whose power jumps between the two. The first is kept. */
  async #refuseTwin({ info, exchange }: Connection): Promise<void> {
    const first = [...this.#readings.values()].find(({ board }) => board.info.uid === info.uid);
    if (first === undefined) return;
    await exchange.close();
    const readPort = first.board.info.port;
    const what = `The board at ${info.port} has the same UID as the one at ${readPort}: ${info.uid}. Only ${readPort} is read.`;
    const fix = 'Name only one port of a board, give an emulated board its own UID, or unplug one of two real boards.';
    throw new BenchlabError('DUPLICATE_UID', what, fix);
  }

  /** Other devices with the same USB id are not a fault. They count only where the user named their port. */
  #verdict(refused: readonly RefusedPort[]): PollResult {
    const isNamed = this.#parts.options.ports !== undefined;
    // A chip in its bootloader may explain why no board is found. While boards are read it may be any other device.
    const strangers = this.#readings.size > 0 ? ['NOT_A_BENCHLAB', 'IN_BOOTLOADER'] : ['NOT_A_BENCHLAB'];
    const problem = refused.find(({ error }) => isNamed || !strangers.includes(error.code))?.error;
    if (problem) return { outcome: this.#readings.size > 0 ? 'partial' : 'failure', error: problem };
    if (this.#readings.size > 0) return { outcome: 'silent' };
    const looked =
      refused.length === 0 ? 'No port has its USB id' : `${refused.length} ports have its USB id and are not`;
    const error = new BenchlabError('NO_BOARD', `No BENCHLAB found. ${looked}.`, 'Check the cable, or name the port.');
    return { outcome: 'no_data', error };
  }

  async #read(connection: Connection): Promise<void> {
    const { name, clock, consumer, intervalNs, dither } = this.#parts;
    if (consumer.isClosed) return connection.exchange.close();
    const board = new LiveBoard(connection, this.#readerOf(connection), () => this.#lose(board));
    // Means over the time between polls leave no time unseen.
    const isMean = board.source.aperture?.kind === 'mean';
    const polling = startPolling({
      receiver: name,
      clock,
      intervalNs,
      ...(dither && !isMean && { dither }),
      timeoutNs: readTimeoutNs,
      poll: () => board.read(consumer),
      report: (report) => {
        consumer.polled(report);
        if (board.lost) this.#lose(board);
      },
    });
    this.#readings.set(connection.info.port, { board, polling });
  }

  /** A board keeps its reader, and so its sensors, over reconnections, unless its firmware, name or mark changes. */
  #readerOf({ info, contract }: Connection): FrameReader {
    const { readers } = this.#parts.memory;
    const key = [info.uid, info.name, contract.productId, contract.firmware, info.simulated].join('/');
    const reader = readers.get(key) ?? new FrameReader(info, contract);
    readers.delete(key);
    readers.set(key, reader);
    const [oldest] = readers.keys();
    if (readers.size > maxReaders && oldest !== undefined) readers.delete(oldest);
    return reader;
  }

  #lose(board: LiveBoard): void {
    const reading = this.#readings.get(board.info.port);
    if (reading?.board !== board || !board.lost) return;
    this.#readings.delete(board.info.port);
    this.#end(board, reading.polling);
    const { clock, consumer } = this.#parts;
    consumer.lost({ source: board.source, timeNs: clock.nowNs(), error: board.lost });
  }

  #end(board: LiveBoard, polling: Polling): void {
    const closing = Promise.all([polling.stop(), board.close()]);
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }
}
