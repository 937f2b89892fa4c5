import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, messageOf } from '@benchlab-otel/core';
import { type LineSource, LineSplitter, maxRawLineBytes } from '@benchlab-otel/wire';
import type { DashboardInput, InputSink } from './dashboardInput.ts';
import type { NamedAddress } from './inputAddress.ts';
import { lineSource } from './keptInput.ts';
import { LineClock } from './lineClock.ts';
import { LineFacts } from './lineFacts.ts';

/** Time between two looks for further streams, and for the end of the session, ns. */
const lookEveryNs = 1e9;
/** Streams that are followed; a recorder writes some ten. */
const mostStreams = 64;
/** The part of a stream that a recorder has closed: `pipeline.3.jsonl.gz`. */
const closedPart = /\.\d+\.jsonl(?:\.gz)?$/;
const openPart = /\.jsonl$/;

/** A session while it is recorded: the parts that are closed once, and what is added to the open ones, until `session.json` states its end. */
export class FollowedSession implements DashboardInput {
  readonly name: string;
  readonly node: string;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #streams = new Map<string, LineSource>();
  readonly #refused = new Map<string, { readonly count: number; readonly reason: string }>();
  #lines: LineFacts | undefined;
  #cancel = (): void => undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor({ name, node }: NamedAddress, folder: string, clock: Clock) {
    this.name = name;
    this.node = node;
    this.#folder = folder;
    this.#clock = clock;
  }

  async start(sink: InputSink): Promise<void> {
    this.#lines = new LineFacts(this.node, new LineClock(this.#clock, await this.#anchor()));
    // The streams are open before the closed parts are read: what is added meanwhile waits in them.
    const closed = await this.#closedParts(sink);
    await this.#openStreams(sink);
    await closed();
    sink.changed({ condition: 'open', clock: this.#lines.clock.kind ?? 'recorded' });
    this.#later(sink);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#looking;
    await Promise.all([...this.#streams.values()].map((stream) => stream.stop()));
    this.#streams.clear();
  }

  #later(sink: InputSink): void {
    if (this.#isStopped) return;
    this.#cancel = this.#clock.at(this.#clock.nowNs() + lookEveryNs, () => {
      this.#looking = this.#look(sink);
    });
  }

  async #look(sink: InputSink): Promise<void> {
    try {
      // Read before the streams: what is in them by then is delivered.
      const isOver = (await sessionFileOf(this.#folder))?.closedAt !== undefined;
      await this.#openStreams(sink);
      if (isOver) {
        await Promise.all([...this.#streams.values()].map((stream) => stream.stop()));
        this.#streams.clear();
        sink.changed({ condition: 'ended' });
        return;
      }
    } catch (error) {
      sink.changed({ condition: 'lost', reason: messageOf(error) });
    }
    this.#later(sink);
  }

  async #openStreams(sink: InputSink): Promise<void> {
    const names = await readdir(join(this.#folder, 'raw')).catch(() => []);
    for (const name of names.filter((each) => openPart.test(each) && !closedPart.test(each))) {
      if (this.#streams.has(name) || this.#streams.size >= mostStreams) continue;
      const stream = lineSource(join(this.#folder, 'raw', name), `raw/${name}`, this.#clock);
      this.#streams.set(name, stream);
      const take = this.#taker(sink);
      await stream
        .start({
          line: take,
          rejected: ({ count, reason }) => this.#refuse(sink, name, count, `raw/${name} ${reason}`),
          ended: () => void this.#streams.delete(name),
        })
        // It went between the look and the opening: the next look finds what took its place.
        .catch(() => this.#streams.delete(name));
    }
  }

  /** Reads the names of the closed parts now, and what they hold when the function that it returns is called. */
  async #closedParts(sink: InputSink): Promise<() => Promise<void>> {
    const { openSegments, segmentBytes } = await import('@benchlab-otel/session');
    const segments = await openSegments(join(this.#folder, 'raw')).catch(() => []);
    return async () => {
      for (const segment of segments) {
        if (!closedPart.test(segment.name)) await segment.handle.close();
        else await this.#readPart(sink, segment.name, segmentBytes(segment));
      }
    };
  }

  async #readPart(sink: InputSink, name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const splitter = new LineSplitter(maxRawLineBytes);
    const take = this.#taker(sink);
    let [line, refused] = [0, 0];
    const takeAll = (texts: readonly (string | undefined)[]) => {
      for (const text of texts) {
        line++;
        const reason = text === undefined ? `more than ${maxRawLineBytes} bytes` : take(text);
        if (reason !== undefined) this.#refuse(sink, name, ++refused, `raw/${name} line ${line}: ${reason}`);
      }
    };
    try {
      for await (const chunk of bytes) takeAll(splitter.push(Buffer.from(chunk)));
      const rest = splitter.end();
      if (rest !== undefined) takeAll([rest]);
    } catch (error) {
      this.#refuse(sink, name, refused + 1, `raw/${name} after line ${line}: ${messageOf(error)}`);
    }
  }

  #taker(sink: InputSink): (text: string) => string | undefined {
    return (text) => {
      const read = this.#lines?.take(text);
      if (read === undefined) return undefined;
      if ('reason' in read) return read.reason;
      sink.fact(read.fact);
      return undefined;
    };
  }

  #refuse(sink: InputSink, name: string, count: number, reason: string): void {
    this.#refused.set(name, { count, reason });
    const all = [...this.#refused.values()].reduce((sum, each) => sum + each.count, 0);
    sink.changed({ refused: { count: all, reason } });
  }

  async #anchor() {
    const [first] = (await sessionFileOf(this.#folder))?.clocks ?? [];
    return first === undefined ? undefined : { ...first, epochNs: BigInt(first.epochNs) };
  }
}

/** Whether a session is recorded now, or its recorder was killed: its file does not state an end. */
export async function isOpenSession(folder: string): Promise<boolean> {
  const file = await sessionFileOf(folder).catch(() => undefined);
  return file !== undefined && file.closedAt === undefined;
}

async function sessionFileOf(folder: string) {
  const path = join(folder, 'session.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // Loaded for a session alone: it brings zod, which takes memory and time.
  const { parseSessionFile } = await import('@benchlab-otel/session');
  return parseSessionFile(text, path);
}
