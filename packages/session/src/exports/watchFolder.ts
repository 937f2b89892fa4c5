import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@benchlab-otel/core';
import type { ReadSession } from '../readSession.ts';
import { capframexCsv } from './capframexCsv.ts';
import { exportNames } from './exportName.ts';
import type { FrameTime } from './frameLines.ts';

/** A file for the folder that CapFrameX watches. */
export interface WatchedFile {
  readonly name: string;
  readonly text: string;
}

/** What became of a file: it is there, or the folder is away for now, and the file is for a later try. */
export type Delivery = { readonly path: string; readonly isNew: boolean } | { readonly away: string };

/** How the files of a session look in CapFrameX. */
export interface WatchSettings {
  /** The game in its list. */
  readonly application: string;
  readonly frameTime?: FrameTime;
}

/** A share that is not mounted, a server that does not answer, a disk that is full. */
const away = new Set(
  'ENOENT ENOTDIR EACCES EROFS EIO ENOSPC EDQUOT ESTALE ENOTCONN EHOSTDOWN EHOSTUNREACH ENETDOWN ENETUNREACH ETIMEDOUT'.split(
    ' ',
  ),
);

/**
 * The files of a closed session, one for each pair of stages that has frames: `2025-11-11T14-30-00Z-ingress_to_encoded.csv`. CapFrameX
 * hides a file whose content another one has: the id in the comments is made of the name of the session, the pair and the rows.
 *
 * @param session its name
 */
export function watchedFiles(
  { pairs, file }: Pick<ReadSession, 'pairs' | 'file'>,
  session: string,
  { application, frameTime }: WatchSettings,
): readonly WatchedFile[] {
  const names = exportNames(pairs, '.csv');
  const createdAt = file === undefined ? 0 : Date.parse(file.openedAt);
  return pairs.flatMap(({ pair, rows, dropped }, at) => {
    if (rows.length === 0) return [];
    const simulated = rows.some((row) => row.simulated === true);
    const comment = `${session}; ${pair.join(' to ')}; dropped: ${dropped}; simulated: ${simulated}`;
    const csv = capframexCsv(rows, { application, createdAt, comment }, frameTime);
    const id = createHash('sha256').update(session).update(csv).digest('hex').slice(0, 32);
    return [{ name: `${session}-${names[at]}`, text: `//Id=${id}\n${csv}` }];
  });
}

/**
 * Puts a file into the folder that CapFrameX watches: under another name, then renamed, so that it is never seen half written. A
 * file that is there with the same text is left alone; so a try after a crash does no harm.
 *
 * @throws what no later try can mend
 */
export async function deliver(folder: string, { name, text }: WatchedFile): Promise<Delivery> {
  const path = join(folder, name);
  const part = `${path}.part`;
  try {
    const there = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (there === text) return { path, isNew: false };
    // The rest of a try that was killed.
    await rm(part, { force: true });
    await writeFile(part, text, { flag: 'wx' });
    await rename(part, path);
    return { path, isNew: true };
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    if (away.has((error as NodeJS.ErrnoException).code ?? '')) return { away: messageOf(error) };
    throw error;
  }
}

const [firstDelayMs, longestDelayMs] = [1_000, 300_000];

/** ms to wait before try `attempt` (1 is the first repetition): a second, then twice as long each time, five minutes at most. */
export function deliveryDelayMs(attempt: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(30, Math.max(0, attempt - 1)));
}
