import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { packFile } from '../folder/packFile.ts';
import { sessionPaths } from '../folder/sessionPaths.ts';
import { sessionsFolder } from '../recorder/openFolder.ts';
import { lockSession } from '../recorder/sessionLock.ts';
import type { Removal } from './retentionPlan.ts';

const leaving = '.leaving-';

/**
 * Removes a session, or its raw lines; then its rows, which stay for months, are packed. It has the lock of the session meanwhile, so that no recorder continues it. What is
 * removed leaves its place first: a reader finds it whole or not at all, and a link is never followed.
 *
 * @throws BenchlabError BAD_OPTION when a process records it, or it is a link
 */
export async function removeSession({ session: { folder }, what }: Removal): Promise<void> {
  await refuseLink(folder);
  const lock = await lockSession(folder);
  try {
    if (what === 'all') {
      const aside = join(dirname(folder), `${leaving}${basename(folder)}`);
      await rename(folder, aside);
      await rm(aside, { recursive: true });
      return;
    }
    const { raw, aligned } = sessionPaths(folder);
    await refuseLink(raw);
    const aside = join(folder, `${leaving}raw`);
    await rename(raw, aside);
    await mkdir(raw);
    await rm(aside, { recursive: true });
    await packRows(aligned);
  } finally {
    await lock.release();
  }
}

/** After the raw lines are gone: on a full disk there is room for it then. */
async function packRows(aligned: string): Promise<void> {
  const path = join(aligned, 'latency.jsonl');
  if ((await lstat(path).catch(() => undefined))?.isFile()) await packFile(path);
}

/** Removes what an earlier run was removing when it was killed. */
export async function finishRemovals(dataRoot: string): Promise<void> {
  const root = sessionsFolder(dataRoot);
  for (const folder of await foldersIn(root)) {
    if (folder.startsWith(leaving)) await rm(join(root, folder), { recursive: true });
    else {
      await rm(join(root, folder, `${leaving}raw`), { recursive: true, force: true });
      await rm(join(root, folder, 'aligned/latency.jsonl.gz.part'), { force: true });
    }
  }
}

async function foldersIn(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function refuseLink(path: string): Promise<void> {
  if ((await lstat(path)).isDirectory()) return;
  throw new BenchlabError('BAD_OPTION', `${path} is not a folder, or is a link to one.`, 'Remove it by hand.');
}
