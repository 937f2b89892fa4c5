import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BenchlabError } from '@benchlab-otel/core';
import { type LatencyRow, parseLatencyLine } from '@benchlab-otel/wire';
import type { AlignedPair } from '../align/alignedRows.ts';
import type { RawSession } from './readRaw.ts';
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
 * The rows of `aligned/latency.jsonl`, by pair in the order of their first rows. How many frames were dropped is not in them.
 *
 * @param wanted pairs of stages; all where it is undefined
 * @returns undefined where there is no such file
 * @throws BenchlabError BAD_REPLY when it holds more than fits into memory
 */
export async function readRows(
  { aligned }: SessionPaths,
  wanted: readonly (readonly [from: string, to: string])[] | undefined,
): Promise<RowsAlone | undefined> {
  const path = join(aligned, 'latency.jsonl');
  const byPair = new Map<string, LatencyRow[]>((wanted ?? []).map((pair) => [JSON.stringify(pair), []]));
  const refused = { count: 0, first: [] as string[] };
  let [place, rows] = [0, 0];
  try {
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      place++;
      const line = parseLatencyLine(text);
      if (line === undefined) continue;
      if ('reason' in line) {
        refused.count++;
        if (refused.first.length < maxReasons)
          refused.first.push(`aligned/latency.jsonl line ${place}: ${line.reason}`);
        continue;
      }
      const key = JSON.stringify(line.row.pair);
      const own = byPair.get(key);
      if (own === undefined && wanted !== undefined) continue;
      if (++rows > maxRows) throw new BenchlabError('BAD_REPLY', `${path} has more than ${maxRows} rows.`, tooMany);
      if (own === undefined) byPair.set(key, [line.row]);
      else own.push(line.row);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const nothing = { dropped: undefined, droppedNs: [], unmatched: 0, repeated: 0 };
  const pairs = [...byPair].map(([key, own]) => ({ pair: JSON.parse(key) as [string, string], rows: own, ...nothing }));
  return { raw: { events: [], powers: [], others: new Map(), refused, cut: [] }, pairs };
}

const tooMany = 'Read the file itself, with DuckDB or another program.';
