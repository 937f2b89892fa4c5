import { BenchlabError, messageOf, type StageEvent } from '@benchlab-otel/core';
import { type RawLineTaker, type RawPower, RawScanner, type TimeTranslation } from '@benchlab-otel/wire';
import { eachSegment, segmentBytes } from './segmentBytes.ts';
import type { OpenSegment } from './segments.ts';

/** What the raw lines of a session hold that latencies and power are made of. */
export interface RawSession {
  readonly events: readonly StageEvent[];
  readonly powers: readonly RawPower[];
  /** Lines of other sources, by source: GPU, processor. */
  readonly others: ReadonlyMap<string, number>;
  readonly refused: RefusedLines;
  /** Segments that end in the middle, with the reason; what comes before is read. */
  readonly cut: readonly string[];
}

/** Lines that could not be read. */
export interface RefusedLines {
  readonly count: number;
  /** Place and reason of the first ones: `raw/pipeline.jsonl line 3: no "ts_ns" in nanoseconds`. */
  readonly first: readonly string[];
}

/** Events and samples that are held, each some 200 bytes. A frame a millisecond for an hour, at two stages, is 7.2 million. */
const maxItems = 8_000_000;
const maxSources = 1_000;
const maxReasons = 20;

/**
 * Reads `raw/*.jsonl` and `raw/*.jsonl.gz` of a session from their start. A line that is wrong is counted with its place, and
 * those around it are read.
 *
 * @param folder the folder `raw` of a session
 * @param timesOfDay makes CLOCK_MONOTONIC of lines that state the time of day; without it they are refused
 * @throws BenchlabError BAD_OPTION when the folder has no such file; BAD_REPLY when it holds more than fits into memory
 */
export async function readRaw(folder: string, timesOfDay?: TimeTranslation): Promise<RawSession> {
  const raw = new RawLines(timesOfDay);
  await eachSegment(folder, (segment) => raw.read(segment));
  return raw;
}

class RawLines implements RawSession {
  readonly events: StageEvent[] = [];
  readonly powers: RawPower[] = [];
  readonly others = new Map<string, number>();
  readonly refused = { count: 0, first: [] as string[] };
  readonly cut: string[] = [];
  readonly #timesOfDay: TimeTranslation | undefined;

  constructor(timesOfDay: TimeTranslation | undefined) {
    this.#timesOfDay = timesOfDay;
  }

  async read(segment: OpenSegment): Promise<void> {
    const name = `raw/${segment.name}`;
    const scanner = new RawScanner(name, (read, line) => this.#take(read, name, line), this.#timesOfDay);
    try {
      for await (const chunk of segmentBytes(segment)) scanner.push(chunk);
      scanner.end();
    } catch (error) {
      if (error instanceof BenchlabError) throw error;
      this.cut.push(`${name} after line ${scanner.line}: ${messageOf(error)}`);
    }
  }

  #take(read: Parameters<RawLineTaker>[0], name: string, line: number): void {
    if ('event' in read) this.events.push(read.event);
    else if ('power' in read) this.powers.push(read.power);
    else if ('other' in read) this.#other(read.other);
    else this.#refuse(`${name} line ${line}: ${read.reason}`);
    if (this.events.length + this.powers.length <= maxItems) return;
    const what = `The session holds more than ${maxItems.toLocaleString('en')} events and samples.`;
    throw new BenchlabError('BAD_REPLY', what, 'Read a part of it: move some segments of raw/ to another folder.');
  }

  #other(source: string): void {
    const key = this.others.has(source) || this.others.size < maxSources ? source : 'further sources';
    this.others.set(key, (this.others.get(key) ?? 0) + 1);
  }

  #refuse(reason: string): void {
    this.refused.count++;
    if (this.refused.first.length < maxReasons) this.refused.first.push(reason);
  }
}
