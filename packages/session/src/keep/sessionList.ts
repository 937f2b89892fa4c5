import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@benchlab-otel/core';
import { parseSessionFile, type SessionFile } from '../folder/sessionFile.ts';
import { sessionPaths } from '../folder/sessionPaths.ts';
import { sessionsFolder } from '../recorder/openFolder.ts';
import { lockState } from '../recorder/sessionLock.ts';

/**
 * `open`: a process records it. `cut off`: that process is gone. `foreign`: another program wrote it, without `session.json`.
 * `unreadable`: its `session.json` is broken, or of a newer version.
 */
export type SessionStanding = 'open' | 'closed' | 'cut off' | 'foreign' | 'unreadable';

/** One session of a data root. */
export interface ListedSession {
  readonly folder: string;
  readonly name: string;
  readonly standing: SessionStanding;
  /** When it was closed, ms since 1970; of a session that was never closed, the last change of a file in it. */
  readonly closedMs: number;
  readonly bytes: number;
  /** Of them in `raw/`. */
  readonly rawBytes: number;
  readonly file?: SessionFile;
  /** Why `session.json` could not be read. */
  readonly problem?: string;
}

/** Folders within a session that are looked into: deeper ones are not ours. */
const maxDepth = 3;

/** The sessions of a data root by their names. What is a link, or no folder, is not one. */
export async function listSessions(dataRoot: string): Promise<readonly ListedSession[]> {
  const root = sessionsFolder(dataRoot);
  const entries = await readdir(root, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const listed: ListedSession[] = [];
  for (const name of names.sort()) {
    const session = await listedSession(join(root, name), name).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined; // it was removed meanwhile
      throw error;
    });
    if (session !== undefined) listed.push(session);
  }
  return listed;
}

async function listedSession(folder: string, name: string): Promise<ListedSession> {
  const paths = sessionPaths(folder);
  const { state } = await lockState(folder);
  const read = await sessionFileOf(paths.file);
  const [all, raw] = [await sizeOf(folder, maxDepth), await sizeOf(paths.raw, 1)];
  const { file } = read;
  const closedMs = file?.closedAt === undefined ? all.changedMs : Date.parse(file.closedAt);
  return { folder, name, standing: standingOf(state, read), closedMs, bytes: all.bytes, rawBytes: raw.bytes, ...read };
}

type ReadFile = Pick<ListedSession, 'file' | 'problem'>;

function standingOf(state: 'free' | 'held' | 'stale', { file, problem }: ReadFile): SessionStanding {
  if (state === 'held') return 'open';
  if (problem !== undefined) return 'unreadable';
  if (file === undefined) return 'foreign';
  return file.closedAt === undefined ? 'cut off' : 'closed';
}

async function sessionFileOf(path: string): Promise<ReadFile> {
  try {
    return { file: parseSessionFile(await readFile(path, 'utf8'), path) };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing ? {} : { problem: messageOf(error) };
  }
}

/** Links count as themselves, and are not followed. */
async function sizeOf(folder: string, depth: number): Promise<{ readonly bytes: number; readonly changedMs: number }> {
  const own = await lstat(folder).catch(() => undefined);
  let [bytes, changedMs] = [0, own?.mtimeMs ?? 0];
  if (own?.isDirectory() !== true) return { bytes, changedMs };
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const below = depth > 1 ? await sizeOf(path, depth - 1) : { bytes: 0, changedMs: 0 };
      [bytes, changedMs] = [bytes + below.bytes, Math.max(changedMs, below.changedMs)];
    } else {
      const found = await lstat(path).catch(() => undefined);
      [bytes, changedMs] = [bytes + (found?.size ?? 0), Math.max(changedMs, found?.mtimeMs ?? 0)];
    }
  }
  return { bytes, changedMs };
}
