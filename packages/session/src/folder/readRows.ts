import { join } from 'node:path';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { type LatencyRow, LineSplitter, maxLatencyLineBytes, parseLatencyLine } from '@benchlab-otel/wire';
import type { AlignedPair } from '../align/alignedRows.ts';
import type { RawSession } from './readRaw.ts';
import { segmentBytes } from './segmentBytes.ts';
import { type OpenSegment, openSegments } from './segments.ts';
import type { SessionPaths } from './sessionPaths.ts';

/** Rows that are held, each some 400 bytes. A pipeline of 30 frames a second for a day makes 2.6 million. */
const maxRows = 4_000_000;
const maxReasons = 20;

/** What is left of a session whose raw lines were removed. */
export interface RowsAlone {
  readonly raw: RawSession;
  readonly pairs: readonly AlignedPair[];
}

/**
 * The rows of `aligned/latency.jsonl`, or of `latency.jsonl.gz`, by pair in the order of their first rows. How many frames were
 * dropped is not in them.
 *
 * @param wanted pairs of stages; all where it is undefined
 * @returns undefined where there is no such file
 * @throws BenchlabError BAD_REPLY when it holds more than fits into memory
 */
export async function readRows(
  { aligned }: SessionPaths,
  wanted: readonly (readonly [from: string, to: string])[] | undefined,
): Promise<RowsAlone | undefined> {
  const files = await openSegments(aligned).catch(() => []);
  const file = files.find(({ name }) => name.startsWith('latency.jsonl'));
  await Promise.all(files.filter((each) => each !== file).map(({ handle }) => handle.close()));
  if (file === undefined) return undefined;
  const rows = new Rows(`aligned/${file.name}`, wanted);
  await rows.read(file, join(aligned, file.name)).finally(() => file.handle.close().catch(() => undefined));
  return { raw: rows.raw, pairs: rows.pairs };
}

class Rows {
  readonly #name: string;
  readonly #byPair: Map<string, LatencyRow[]>;
  readonly #areAllWanted: boolean;
  readonly #refused = { count: 0, first: [] as string[] };
  readonly #cut: string[] = [];
  #lines = 0;
  #rows = 0;

  constructor(name: string, wanted: readonly (readonly [string, string])[] | undefined) {
    this.#name = name;
    this.#areAllWanted = wanted === undefined;
    this.#byPair = new Map((wanted ?? []).map((pair) => [JSON.stringify(pair), []]));
  }

  get raw(): RawSession {
    return { events: [], powers: [], others: new Map(), refused: this.#refused, cut: this.#cut };
  }

  get pairs(): readonly AlignedPair[] {
    const nothing = { dropped: undefined, droppedNs: [], unmatched: 0, repeated: 0 };
    return [...this.#byPair].map(([key, rows]) => ({ pair: JSON.parse(key) as [string, string], rows, ...nothing }));
  }

  async read(file: OpenSegment, path: string): Promise<void> {
    const splitter = new LineSplitter(maxLatencyLineBytes);
    try {
      for await (const chunk of segmentBytes(file)) this.#take(splitter.push(chunk), path);
      this.#take([splitter.end() ?? ''], path);
    } catch (error) {
      if (error instanceof BenchlabError) throw error;
      this.#cut.push(`${this.#name}: ${messageOf(error)}`);
    }
  }

  #take(lines: readonly (string | undefined)[], path: string): void {
    for (const text of lines) {
      this.#lines++;
      const line = text === undefined ? { reason: `more than ${maxLatencyLineBytes} bytes` } : parseLatencyLine(text);
      if (line === undefined) continue;
      if ('row' in line) this.#add(line.row, path);
      else {
        this.#refused.count++;
        const place = `${this.#name} line ${this.#lines}`;
        if (this.#refused.first.length < maxReasons) this.#refused.first.push(`${place}: ${line.reason}`);
      }
    }
  }

  #add(row: LatencyRow, path: string): void {
    const key = JSON.stringify(row.pair);
    const own = this.#byPair.get(key);
    if (own === undefined && !this.#areAllWanted) return;
    if (++this.#rows > maxRows) {
      const fix = 'Read the file itself, with DuckDB or another program.';
      throw new BenchlabError('BAD_REPLY', `${path} has more than ${maxRows} rows.`, fix);
    }
    if (own === undefined) this.#byPair.set(key, [row]);
    else own.push(row);
  }
}
