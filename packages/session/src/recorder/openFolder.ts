import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { parseSessionFile, type SessionFile } from '../folder/sessionFile.ts';
import { checkedSessionName, sessionName } from '../folder/sessionName.ts';
import { type SessionPaths, sessionPaths } from '../folder/sessionPaths.ts';
import { lockSession, type SessionLock } from './sessionLock.ts';

/** A folder that this process writes. */
export interface OpenFolder {
  readonly paths: SessionPaths;
  readonly name: string;
  readonly lock: SessionLock;
  /** Of a recording that was cut off, and is continued. */
  readonly before?: SessionFile;
}

/** The folder of all sessions. */
export function sessionsFolder(dataRoot: string): string {
  return join(dataRoot, 'sessions');
}

/**
 * Makes the folder of a new session, or opens that of a recording that was cut off.
 *
 * @param name a name of the user's own. Default: the second in which the session opens
 * @throws BenchlabError BAD_OPTION when it cannot be made, another process writes it, or it was closed
 */
export async function openFolder(dataRoot: string, name: string | undefined, nowMs: number): Promise<OpenFolder> {
  const root = sessionsFolder(dataRoot);
  await mkdir(root, { recursive: true }).catch((cause) => {
    throw cannotMake(root, cause);
  });
  const own = name === undefined ? undefined : checkedSessionName(name, 'name');
  const made = own ?? (await newFolder(root, nowMs));
  const paths = sessionPaths(join(root, made));
  if (own !== undefined) {
    await mkdir(paths.folder).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cannotMake(paths.folder, cause);
    });
  }
  const lock = await lockSession(paths.folder);
  try {
    const before = own === undefined ? undefined : await earlier(paths);
    for (const each of [paths.raw, paths.aligned, paths.exports]) await mkdir(each, { recursive: true });
    return { paths, name: made, lock, ...(before && { before }) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Two recorders may open in one second: the folder that is made first has the name. */
async function newFolder(root: string, nowMs: number): Promise<string> {
  const taken = new Set(await readdir(root));
  for (;;) {
    const name = sessionName(nowMs, (each) => taken.has(each));
    const isMade = await mkdir(join(root, name)).then(
      () => true,
      (cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'EEXIST') throw cannotMake(join(root, name), cause);
        return false;
      },
    );
    if (isMade) return name;
    taken.add(name);
  }
}

async function earlier({ folder, file, raw }: SessionPaths): Promise<SessionFile | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) {
    const names = await readdir(raw).catch(() => []);
    if (names.length === 0) return undefined;
    const fix = 'Choose another name for the session.';
    throw new BenchlabError('BAD_OPTION', `${folder} has lines of another program.`, fix);
  }
  const before = parseSessionFile(text, file);
  if (before.closedAt === undefined) return before;
  const fix = 'Choose another name for the session.';
  throw new BenchlabError('BAD_OPTION', `${folder} was closed at ${before.closedAt}.`, fix);
}

function cannotMake(path: string, cause: unknown): BenchlabError {
  const fix = 'Name a folder that this user may write to, with --data-root or BENCHLAB_DATA_ROOT.';
  return new BenchlabError('BAD_OPTION', `${path} cannot be made: ${messageOf(cause)}.`, fix, { cause });
}
