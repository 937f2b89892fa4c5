import { readFile } from 'node:fs/promises';
import { BenchlabError } from '@benchlab-otel/core';
import { type AlignedPair, type AlignOptions, alignedPairs } from './align/alignedRows.ts';
import { timesOfDay } from './clocks/timesOfDay.ts';
import { type RawSession, readRaw } from './folder/readRaw.ts';
import { readRows } from './folder/readRows.ts';
import { segmentNames } from './folder/segments.ts';
import { parseSessionFile, type SessionFile, type SessionSource } from './folder/sessionFile.ts';
import { type SessionPaths, sessionPaths } from './folder/sessionPaths.ts';

/** A session that was read: its lines, and the rows that they make. */
export interface ReadSession {
  readonly paths: SessionPaths;
  /** Absent in folders of other programs. */
  readonly file?: SessionFile;
  readonly raw: RawSession;
  readonly pairs: readonly AlignedPair[];
  /** Its raw lines were removed: the rows are those of `aligned/latency.jsonl`, and `raw` is empty. */
  readonly isRowsAlone?: true;
}

/**
 * Reads a session from its raw lines, or from its rows where those were removed (`sessions prune`). Lines that state the time of day become CLOCK_MONOTONIC by the clocks in `session.json`;
 * without one they are refused.
 *
 * @throws BenchlabError when it has no lines, `session.json` is wrong, or its sources have different clocks
 */
export async function readSession(folder: string, options: AlignOptions = {}): Promise<ReadSession> {
  const paths = sessionPaths(folder);
  const file = await sessionFileOf(paths.file);
  if (file !== undefined) refuseMixedClocks(file, paths.file);
  const own = file === undefined ? {} : { file };
  const hasLines = (await segmentNames(paths.raw).catch(() => [])).length > 0;
  const rows = hasLines ? undefined : await readRows(paths, options.pairs);
  if (rows !== undefined) return { paths, ...own, ...rows, isRowsAlone: true };
  const raw = await readRaw(paths.raw, file && timesOfDay(file.clocks));
  const pairs = alignedPairs(raw.events, raw.powers, options);
  return { paths, ...own, raw, pairs };
}

async function sessionFileOf(path: string): Promise<SessionFile | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseSessionFile(text, path);
}

/** Times of two clocks differ by minutes or years: joined, they would make latencies and powers of nothing. */
function refuseMixedClocks({ sources }: SessionFile, path: string): void {
  const [first, ...others] = sources;
  // The time of day is translated, into CLOCK_MONOTONIC.
  const clockOf = (source: SessionSource) => (source.clock === 'epoch' ? 'monotonic' : source.clock);
  const other = others.find((source) => first !== undefined && clockOf(source) !== clockOf(first));
  if (first === undefined || other === undefined) return;
  const what = `${path} states different clocks: ${first.clock} of ${first.name}, and ${other.clock} of ${other.name}.`;
  throw new BenchlabError('BAD_REPLY', what, 'Record sources of one clock, or keep their lines in two sessions.');
}
