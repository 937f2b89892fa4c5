import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { formatLatencyLine, type LatencyRow } from '@benchlab-otel/wire';
import { type AlignOptions, alignedPairs, rowsInOrder } from '../align/alignedRows.ts';
import type { LiveAlign } from '../align/liveAlign.ts';
import { type RawSession, readRaw } from '../folder/readRaw.ts';
import { segmentNames } from '../folder/segments.ts';
import type { SessionPaths } from '../folder/sessionPaths.ts';
import { writeWhole } from '../folder/wholeFile.ts';

/** Time of the lines between two calls of `advance`, ns. */
const stepNs = 0.1e9;
const rowsPerWrite = 1_000;

/** `aligned/latency.jsonl` of a session. */
function rowsFile({ aligned }: SessionPaths): string {
  return join(aligned, 'latency.jsonl');
}

/** Raw lines are written before their rows: rows alone are what retention left. */
async function hasRows({ aligned }: SessionPaths): Promise<boolean> {
  const names = await segmentNames(aligned).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(aligned, name))).size));
  return sizes.some((size) => size > 0);
}

/** Puts the rows of all raw lines in the place of the live ones, whole or not at all. The same lines give the same bytes. */
export async function writeRows(paths: SessionPaths, options: AlignOptions): Promise<number> {
  const { events, powers } = await readRaw(paths.raw);
  const rows = rowsInOrder(alignedPairs(events, powers, options));
  await writeWhole(rowsFile(paths), linesOf(rows));
  return rows.length;
}

/**
 * Continues a recording that was cut off: its lines go through `align` again, so that frames between two stages are found,
 * and its live rows are written again from their start. So no row is lost, and none is there twice.
 *
 * @param rows what `align` calls with its rows puts them here
 * @returns how many lines went through it
 * @throws BenchlabError when the lines cannot be read, were removed by retention, or are more than memory holds; the live rows stay as they are then
 */
export async function replay(paths: SessionPaths, align: LiveAlign, rows: LatencyRow[]): Promise<number> {
  // Without a segment it was cut off before its first line.
  const raw = (await segmentNames(paths.raw)).length === 0 ? undefined : await readRaw(paths.raw);
  if (raw === undefined && (await hasRows(paths))) {
    const fix = 'Record into another session: its rows could not be made again.';
    throw new BenchlabError('BAD_OPTION', `The raw lines of ${paths.folder} were removed.`, fix);
  }
  if (raw !== undefined) feed(raw, align);
  if (rows.length === 0) await rm(rowsFile(paths), { force: true });
  else await writeWhole(rowsFile(paths), linesOf(rows));
  return raw === undefined ? 0 : raw.events.length + raw.powers.length;
}

function feed({ events, powers }: RawSession, align: LiveAlign): void {
  const sorted = events.toSorted((a, b) => a.timeNs - b.timeNs);
  const samples = powers.toSorted((a, b) => a.timeNs - b.timeNs);
  let [nextNs, sampleAt] = [0, 0];
  for (const event of sorted) {
    for (
      let sample = samples[sampleAt];
      sample !== undefined && sample.timeNs <= event.timeNs;
      sample = samples[sampleAt]
    ) {
      align.power(sample);
      sampleAt++;
    }
    if (event.timeNs >= nextNs) {
      align.advance(event.timeNs);
      nextNs = event.timeNs + stepNs;
    }
    align.event(event);
  }
  for (const sample of samples.slice(sampleAt)) align.power(sample);
}

/** In pieces: one write a row would take minutes. */
function* linesOf(rows: readonly LatencyRow[]): Iterable<string> {
  for (let at = 0; at < rows.length; at += rowsPerWrite) {
    yield rows
      .slice(at, at + rowsPerWrite)
      .map((row) => `${formatLatencyLine(row)}\n`)
      .join('');
  }
}
