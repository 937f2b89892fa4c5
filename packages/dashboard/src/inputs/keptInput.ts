import { BenchlabError, type Clock, messageOf } from '@benchlab-otel/core';
import { type LineEnd, type LineSource, readLines } from '@benchlab-otel/wire';
import type { DashboardInput, InputSink } from './dashboardInput.ts';
import type { NamedAddress } from './inputAddress.ts';
import { LineFacts } from './lineFacts.ts';

export interface KeptInputParts extends NamedAddress {
  /** Makes a source of lines. It is called again after the source was lost, and rejects while the source is absent. */
  open(): Promise<LineSource>;
  readonly clock: Clock;
  /** The source has one end, as standard input has. A file, a FIFO and a server come again. */
  readonly endsForEver: boolean;
}

/** Time until the next attempt, ns: doubled from the first to the longest. */
const firstWaitNs = 0.5e9;
const longestWaitNs = 4e9;

/** Lines of a source that may be absent, break and come again. */
export class KeptInput implements DashboardInput {
  readonly name: string;
  readonly node: string;
  readonly #parts: KeptInputParts;
  #sink: InputSink | undefined;
  #source: LineSource | undefined;
  #waitNs = firstWaitNs;
  #refusedBefore = 0;
  #cancel = (): void => undefined;
  #opening: Promise<void> = Promise.resolve();

  constructor(parts: KeptInputParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.node = parts.node;
  }

  async start(sink: InputSink): Promise<void> {
    this.#sink = sink;
    this.#opening = this.#open(sink);
    await this.#opening;
  }

  async stop(): Promise<void> {
    this.#cancel();
    await this.#opening;
    await this.#source?.stop();
    this.#source = undefined;
    this.#sink = undefined;
  }

  async #open(sink: InputSink): Promise<void> {
    try {
      const source = await this.#parts.open();
      this.#source = source;
      const lines = new LineFacts(this.node, this.#parts.clock);
      let refused = 0;
      await source.start({
        line: (text) => this.#line(text, lines, sink),
        rejected: ({ count, reason }) => {
          refused = count;
          sink.changed({ refused: { count: this.#refusedBefore + count, reason } });
        },
        ended: (end) => {
          this.#refusedBefore += refused;
          this.#ended(end, sink);
        },
      });
      this.#waitNs = firstWaitNs;
      sink.changed({ condition: 'open' });
    } catch (error) {
      sink.changed({ condition: 'waiting', reason: reasonOf(error) });
      this.#later(sink);
    }
  }

  #line(text: string, lines: LineFacts, sink: InputSink): string | undefined {
    const { kind } = lines.clock;
    const read = lines.take(text);
    if (lines.clock.kind !== kind && lines.clock.kind !== undefined) sink.changed({ clock: lines.clock.kind });
    if (read === undefined) return undefined;
    if ('reason' in read) return read.reason;
    for (const fault of read.faults ?? []) sink.found('note', `the field ${fault} was wrong and left out`);
    sink.fact(read.fact);
    return undefined;
  }

  #ended({ error }: LineEnd, sink: InputSink): void {
    if (this.#sink === undefined) return;
    if (error === undefined && this.#parts.endsForEver) {
      sink.changed({ condition: 'ended' });
      return;
    }
    sink.changed({ condition: 'lost', reason: error === undefined ? 'it was closed' : reasonOf(error) });
    this.#later(sink);
  }

  #later(sink: InputSink): void {
    const { clock } = this.#parts;
    const attempt = () => {
      const before = this.#source;
      this.#source = undefined;
      this.#opening = (before?.stop() ?? Promise.resolve()).catch(() => undefined).then(() => this.#open(sink));
    };
    this.#cancel = clock.at(clock.nowNs() + this.#waitNs, attempt);
    this.#waitNs = Math.min(2 * this.#waitNs, longestWaitNs);
  }
}

/** Standard input, or a path that is followed. */
export function lineSource(from: Parameters<typeof readLines>[0], name: string, clock: Clock): LineSource {
  return readLines(from, { name, clock });
}

function reasonOf(error: unknown): string {
  // The fix of an error is for a command that ends: an input that waits looks again by itself.
  const message = messageOf(error);
  return error instanceof BenchlabError ? message.replace(error.fix, '').trim() : message;
}
