import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { BenchlabError, type Clock, type StageConsumer, type StageSource, systemClock } from '@benchlab-otel/core';
import { cannotRead } from '../lines/cannotRead.ts';
import { FifoInput } from '../lines/fifoInput.ts';
import { FileInput } from '../lines/fileInput.ts';
import { SocketInput } from '../lines/socketInput.ts';
import type { InputParts, StageInput } from '../lines/stageInput.ts';
import { StreamInput } from '../lines/streamInput.ts';
import { UdpInput } from '../lines/udpInput.ts';
import { Rejections } from './rejections.ts';
import { StageLines } from './stageLines.ts';

export interface JsonlStagesOptions {
  /**
   * - `PATH`: a regular file from its start and what is added to it, or a FIFO, whose writers come and go;
   * - `unix:PATH`: a Unix socket that is listened on, mode 0660;
   * - `udp:PORT`: datagrams to 127.0.0.1, whose loss nobody counts;
   * - `-`: standard input; or any readable stream.
   */
  readonly from: string | Readable;
  readonly clock?: Clock;
}

/**
 * Stage events that another program writes, one JSON object a line: see `parseStageLine` for the two forms. A line that is
 * none is counted and told of with its number; the lines around it are read.
 *
 * @throws BenchlabError BAD_OPTION for an address that is none; on `start`, where it cannot be read
 * @example const stages = jsonlStages({ from: '/run/benchlab/stages.fifo' });
 */
export function jsonlStages(options: JsonlStagesOptions): StageSource {
  return new JsonlStages(options.from, options.clock ?? systemClock);
}

interface Run {
  input?: StageInput;
  readonly rejections: Rejections;
  isStopped: boolean;
}

class JsonlStages implements StageSource {
  readonly name: string;
  readonly #open: (parts: InputParts) => StageInput | Promise<StageInput>;
  readonly #clock: Clock;
  #run: Run | undefined;
  #settled: Promise<void> = Promise.resolve();

  constructor(from: string | Readable, clock: Clock) {
    this.#open = opener(from);
    this.#clock = clock;
    this.name = typeof from === 'string' ? `jsonl:${from}` : 'jsonl';
  }

  async start(consumer: StageConsumer): Promise<void> {
    if (this.#run !== undefined) {
      throw new BenchlabError('ALREADY_STARTED', `${this.name} runs already.`, 'Stop it first.');
    }
    const rejections = new Rejections(this.name, consumer, () => this.#clock.nowNs());
    const run: Run = { rejections, isStopped: false };
    this.#run = run;
    const parts: InputParts = {
      lines: () => new StageLines({ source: this.name, consumer, rejections }),
      rejections,
      clock: this.#clock,
      ended: (error) => {
        if (run.isStopped) return;
        rejections.tell();
        consumer.ended?.(error === undefined ? { source: this.name } : { source: this.name, error });
      },
    };
    const starting = (async () => {
      run.input = await this.#open(parts);
      await run.input.start();
    })();
    this.#settled = starting.catch(() => undefined);
    try {
      await starting;
    } catch (error) {
      run.isStopped = true;
      await run.input?.stop();
      if (this.#run === run) this.#run = undefined;
      throw error;
    }
  }

  async stop(): Promise<void> {
    const run = this.#run;
    await this.#settled;
    if (run === undefined || this.#run !== run) return;
    this.#run = undefined;
    run.isStopped = true;
    await run.input?.stop();
    run.rejections.tell();
  }
}

function opener(from: string | Readable): (parts: InputParts) => StageInput | Promise<StageInput> {
  if (typeof from !== 'string') return (parts) => new StreamInput(from, parts);
  if (from === '-') return (parts) => new StreamInput(process.stdin, parts);
  if (from.startsWith('unix:')) return (parts) => new SocketInput(from.slice('unix:'.length), parts);
  if (from.startsWith('udp:')) {
    const port = portOf(from.slice('udp:'.length));
    return (parts) => new UdpInput(port, parts);
  }
  if (from === '' || from.includes('\0')) throw badAddress(from);
  return (parts) => atPath(from, parts);
}

async function atPath(path: string, parts: InputParts): Promise<StageInput> {
  const there = await stat(path).catch((cause) => {
    throw cannotRead(path, cause);
  });
  if (there.isFIFO()) return new FifoInput(path, parts);
  if (there.isFile()) return new FileInput(path, parts);
  const what = there.isSocket() ? 'a socket: to listen on one, write unix:PATH' : 'neither a file nor a FIFO';
  throw new BenchlabError('BAD_OPTION', `${path} is ${what}.`, 'Name a file, a FIFO, unix:PATH or udp:PORT.');
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw badAddress(`udp:${text}`);
}

function badAddress(from: string): BenchlabError {
  const what = `${JSON.stringify(from.slice(0, 200))} is nowhere to read stage events from.`;
  return new BenchlabError('BAD_OPTION', what, 'Name a file, a FIFO, unix:PATH, udp:PORT with 1 to 65535, or -.');
}
