import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchlabError, isObject, messageOf } from '@benchlab-otel/core';
import { sessionPaths } from '../folder/sessionPaths.ts';
import { syncFolder, writeWhole } from '../folder/wholeFile.ts';

/** One file for the watched folder. */
export interface DeliveredFile {
  readonly name: string;
  readonly text: string;
}

/** Where a session was delivered: `cx-export/delivered.json`. */
export interface Delivery {
  readonly to: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly files: readonly string[];
}

/** Undefined for one that was not delivered there yet. */
export async function deliveryOf(session: string, to: string): Promise<Delivery | undefined> {
  const text = await readFile(notePath(session), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && value.to === to ? (value as unknown as Delivery) : undefined; // written by deliverSession
  } catch {
    return undefined;
  }
}

/**
 * Puts files of a session into a folder that another program watches: each is written under a name that is not watched, and
 * takes its own by rename, so that the program finds it whole. The session remembers it.
 *
 * @throws BenchlabError UNSUPPORTED when the folder is away or takes nothing: try again later
 */
export async function deliverSession(
  session: string,
  to: string,
  files: readonly DeliveredFile[],
  nowMs: number,
): Promise<void> {
  const found = await stat(to).catch((cause) => {
    throw away(to, cause);
  });
  if (!found.isDirectory()) throw away(to, new Error('it is not a folder'));
  for (const { name, text } of files) {
    await put(to, name, text).catch((cause) => {
      throw away(to, cause);
    });
  }
  const delivery: Delivery = { to, at: new Date(nowMs).toISOString(), files: files.map(({ name }) => name) };
  await mkdir(sessionPaths(session).exports, { recursive: true });
  await writeWhole(notePath(session), `${JSON.stringify(delivery, undefined, 2)}\n`);
}

async function put(to: string, name: string, text: string): Promise<void> {
  const part = join(to, `${name}.part`);
  try {
    await rm(part, { force: true });
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const file = await open(part, flags, 0o644);
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(part, join(to, name));
    await syncFolder(to);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}

function notePath(session: string): string {
  return join(sessionPaths(session).exports, 'delivered.json');
}

function away(to: string, cause: unknown): BenchlabError {
  const fix = 'Check that the share is there and that this user may write to it; it is tried again.';
  return new BenchlabError('UNSUPPORTED', `${to} takes no files: ${messageOf(cause)}.`, fix, { cause });
}
