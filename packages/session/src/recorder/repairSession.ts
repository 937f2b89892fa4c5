import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { BenchlabError, isObject, messageOf } from '@benchlab-otel/core';
import { LineSplitter, maxRawLineBytes } from '@benchlab-otel/wire';
import { readRaw } from '../folder/readRaw.ts';
import { formatSessionFile, parseSessionFile, type SessionFile } from '../folder/sessionFile.ts';
import { type SessionPaths, sessionPaths } from '../folder/sessionPaths.ts';
import { writeWhole } from '../folder/wholeFile.ts';
import { type Bookmark, Marks } from './marks.ts';
import { lockSession } from './sessionLock.ts';

/** What was repaired, a sentence each: `raw/pipeline.jsonl: a line of 45 bytes without an end was cut off`. */
export type Repairs = readonly string[];

/** Bytes in which the end of the last whole line is looked for: more than the longest line. */
const tailBytes = 4 * maxRawLineBytes;
const lineFeed = 0x0a;

/**
 * Repairs a session whose recording was cut off: lines without an end, packed segments without an end, files that were being
 * written. A `session.json` that cannot be read is kept under another name, and written again from what the lines state.
 *
 * @throws BenchlabError BAD_OPTION when a process records it, or it is not a session
 */
export async function repairSession(folder: string): Promise<Repairs> {
  const paths = sessionPaths(folder);
  await stat(paths.raw).catch((cause: unknown) => {
    throw notOne(folder, cause);
  });
  const lock = await lockSession(folder);
  try {
    return [...(await repairLines(paths)), ...(await repairFile(paths))];
  } finally {
    await lock.release();
  }
}

/** Without `session.json`. The caller has the lock. */
export async function repairLines(paths: SessionPaths): Promise<Repairs> {
  const repairs: string[] = [];
  for (const part of [paths.raw, paths.aligned]) {
    const entries = await readdir(part, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    for (const name of names) {
      const path = join(part, name);
      const shown = `${basename(part)}/${name}`;
      if (name.endsWith('.part')) {
        await rm(path);
        repairs.push(`${shown}: removed, it was not complete`);
      } else if (name.endsWith('.jsonl.gz')) {
        if (names.includes(name.slice(0, -3))) {
          await rm(path);
          repairs.push(`${shown}: removed, the segment is still there unpacked`);
        } else repairs.push(...(await repairPacked(path, shown)));
      } else if (name.endsWith('.jsonl')) repairs.push(...(await repairPlain(path, shown)));
    }
  }
  return repairs;
}

/** After a crash a file ends with a whole line, with a part of one, or with zeros that were never written. */
async function repairPlain(path: string, shown: string): Promise<Repairs> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    if (size === 0) return [];
    const start = Math.max(0, size - tailBytes);
    const tail = Buffer.alloc(size - start);
    await file.read(tail, 0, tail.length, start);
    if (tail.at(-1) === lineFeed) return [];
    const keep = start + tail.lastIndexOf(lineFeed) + 1;
    if (keep === start && start > 0) return [`${shown}: its last ${tailBytes} bytes hold no line, and were left`];
    await file.truncate(keep);
    await file.datasync();
    return [`${shown}: a line of ${size - keep} bytes without an end was cut off`];
  } finally {
    await file.close();
  }
}

/** A packed segment that ends in the middle is kept as the plain lines that can be read of it. */
async function repairPacked(path: string, shown: string): Promise<Repairs> {
  const plain = path.slice(0, -'.gz'.length);
  const part = `${plain}.part`;
  const splitter = new LineSplitter(maxRawLineBytes);
  const source = createReadStream(path);
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  const out = await open(part, 'w', 0o640);
  let [lines, isWhole, unpacked, why] = [0, true, 0, ''];
  try {
    for await (const chunk of source.pipe(gunzip)) {
      unpacked += chunk.length;
      if (unpacked > 200 * Math.max(source.bytesRead, 65_536)) throw new Error('it unpacks to too much');
      const whole = splitter.push(chunk).filter((line): line is string => line !== undefined);
      lines += whole.length;
      if (whole.length > 0) await out.write(`${whole.join('\n')}\n`);
    }
  } catch (error) {
    isWhole = false;
    why = messageOf(error);
  } finally {
    source.destroy();
    await out.datasync();
    await out.close();
  }
  if (isWhole) {
    await rm(part);
    return [];
  }
  await rename(part, plain);
  await rm(path);
  return [`${shown}: ${why}; the ${lines} lines before it are in ${basename(plain)}`];
}

async function repairFile(paths: SessionPaths): Promise<Repairs> {
  const text = await readFile(paths.file, 'utf8').catch(() => undefined);
  if (text !== undefined) {
    const problem = problemOf(text, paths.file);
    if (problem === undefined) return closeCutOff(paths, parseSessionFile(text, paths.file));
    if (isNewer(text)) return [`session.json: ${problem}; it was left as it is`];
  }
  const known = await fromLines(paths);
  if (known === undefined) return ['session.json: it is missing, and no line states a time'];
  if (text !== undefined) await writeFile(`${paths.file}.broken`, text, { flag: 'wx' }).catch(() => undefined);
  await writeWhole(paths.file, formatSessionFile(known));
  const kept = text === undefined ? 'it was missing' : 'it could not be read, and is kept as session.json.broken';
  return [`session.json: ${kept}; written from what the lines state, without host, tags and comment`];
}

/** Nothing writes it any more, so that it is closed: retention would keep it for ever otherwise. */
async function closeCutOff(paths: SessionPaths, session: SessionFile): Promise<Repairs> {
  if (session.closedAt !== undefined) return [];
  const closedAt = new Date(Math.max(Date.parse(session.openedAt), await lastChange(paths.raw))).toISOString();
  const marks = new Marks(paths.folder);
  const isKnown = (mark: Bookmark) => session.bookmarks.some((each) => each.timeNs === mark.timeNs);
  const bookmarks = [...session.bookmarks, ...(await marks.read()).filter((mark) => !isKnown(mark))];
  await writeWhole(paths.file, formatSessionFile({ ...session, bookmarks: bookmarks.slice(0, 10_000), closedAt }));
  await marks.remove();
  return [`session.json: the recording was cut off; closed at ${closedAt}, when its last line was written`];
}

function problemOf(text: string, path: string): string | undefined {
  try {
    parseSessionFile(text, path);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function isNewer(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && typeof value.version === 'number' && value.version > 1;
  } catch {
    return false;
  }
}

/** The time of day of the lines: the last change of the files is the time of the last line. */
async function fromLines({ raw, folder }: SessionPaths): Promise<SessionFile | undefined> {
  const lines = await readRaw(raw).catch(() => undefined);
  if (lines === undefined) return undefined;
  let [firstNs, lastNs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const sources = new Map<string, boolean>();
  const take = (id: string, { timeNs, simulated = false }: { timeNs: number; simulated?: boolean }) => {
    firstNs = Math.min(firstNs, timeNs);
    lastNs = Math.max(lastNs, timeNs);
    sources.set(id, (sources.get(id) ?? false) || simulated);
  };
  for (const power of lines.powers) take(power.source, power);
  for (const event of lines.events) take('pipeline', event);
  if (sources.size === 0) return undefined;
  const lastMs = await lastChange(raw);
  return {
    schema: 'benchlab-otel/session',
    version: 1,
    name: basename(folder),
    openedAt: new Date(lastMs - (lastNs - firstNs) / 1e6).toISOString(),
    closedAt: new Date(lastMs).toISOString(),
    // A line reaches the disk within a second.
    clocks: [{ timeNs: lastNs, epochNs: String(BigInt(Math.round(lastMs)) * 1_000_000n), uncertaintyNs: 1e9 }],
    sources: [...sources].map(([id, simulated]) => ({ id, name: id, clock: 'monotonic' as const, simulated })),
    host: {},
    tags: {},
    comment: '',
    bookmarks: [],
    holes: [],
  };
}

/** ms since 1970 */
async function lastChange(raw: string): Promise<number> {
  const names = await readdir(raw);
  const changed = await Promise.all(names.map(async (name) => (await stat(join(raw, name))).mtimeMs));
  return Math.max(0, ...changed);
}

function notOne(folder: string, cause: unknown): Error {
  return new BenchlabError(
    'BAD_OPTION',
    `${folder} is not a session: ${messageOf(cause)}.`,
    'Name a folder with raw/*.jsonl.',
    {
      cause,
    },
  );
}
