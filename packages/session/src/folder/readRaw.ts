import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { BenchlabError, messageOf, type StageEvent } from '@benchlab-otel/core';
import { LineSplitter, maxRawLineBytes, parseRawLine, type RawPower } from '@benchlab-otel/wire';
import { type OpenSegment, openSegments } from './segments.ts';

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
/** Bytes of a segment after it was unpacked, as a multiple of its size on the disk: JSON Lines of a bench reach 20. */
const maxRatio = 200;
const maxSources = 1_000;
const maxReasons = 20;

/**
 * Reads `raw/*.jsonl` and `raw/*.jsonl.gz` of a session from their start. A line that is wrong is counted with its place, and
 * those around it are read.
 *
 * @param folder the folder `raw` of a session
 * @throws BenchlabError BAD_OPTION when the folder has no such file; BAD_REPLY when it holds more than fits into memory
 */
export async function readRaw(folder: string): Promise<RawSession> {
  const segments = await segmentsOf(folder);
  const raw = new RawLines();
  try {
    for (const { name, handle } of segments) await raw.read(handle, `raw/${name}`);
  } finally {
    await Promise.all(segments.map(({ handle }) => handle.close().catch(() => undefined)));
  }
  return raw;
}

async function segmentsOf(folder: string): Promise<readonly OpenSegment[]> {
  const fix = 'Name the folder of a session, which has raw/*.jsonl.';
  const segments = await openSegments(folder).catch((cause: unknown) => {
    throw new BenchlabError('BAD_OPTION', `${folder} cannot be read: ${messageOf(cause)}.`, fix, { cause });
  });
  if (segments.length === 0) throw new BenchlabError('BAD_OPTION', `${folder} has no lines.`, fix);
  return segments;
}

class RawLines implements RawSession {
  readonly events: StageEvent[] = [];
  readonly powers: RawPower[] = [];
  readonly others = new Map<string, number>();
  readonly refused = { count: 0, first: [] as string[] };
  readonly cut: string[] = [];

  async read(handle: FileHandle, name: string): Promise<void> {
    const file = handle.createReadStream({ start: 0 });
    let [packed, unpacked, at] = [0, 0, 0];
    file.on('data', (chunk) => {
      packed += chunk.length;
    });
    const gunzip = name.endsWith('.gz') ? createGunzip() : undefined;
    // Without this, an error of the file would not reach the reader of the unpacked bytes.
    file.on('error', (error) => gunzip?.destroy(error));
    const bytes = gunzip === undefined ? file : file.pipe(gunzip);
    const splitter = new LineSplitter(maxRawLineBytes);
    try {
      for await (const chunk of bytes) {
        unpacked += chunk.length;
        if (gunzip !== undefined && unpacked > maxRatio * Math.max(packed, 65_536))
          throw new Error('it unpacks to too much');
        for (const line of splitter.push(chunk)) this.#take(line, name, ++at);
      }
      const rest = splitter.end();
      if (rest !== undefined) this.#take(rest, name, ++at);
    } catch (error) {
      if (error instanceof BenchlabError) throw error;
      this.cut.push(`${name} after line ${at}: ${messageOf(error)}`);
    } finally {
      file.destroy();
    }
  }

  #take(line: string | undefined, name: string, at: number): void {
    const read = line === undefined ? { reason: `more than ${maxRawLineBytes} bytes` } : parseRawLine(line, name);
    if (read === undefined) return;
    if ('event' in read) this.events.push(read.event);
    else if ('power' in read) this.powers.push(read.power);
    else if ('other' in read) this.#other(read.other);
    else this.#refuse(`${name} line ${at}: ${read.reason}`);
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
