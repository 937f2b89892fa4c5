import { constants } from 'node:fs';
import { lstat, open, opendir } from 'node:fs/promises';

/** Writes a text for the user alone, to the disk. */
export async function writeSynced(path: string, text: string, flag: 'wx' | 'a'): Promise<void> {
  const file = await open(path, flag, 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The names in a folder are on the disk too, where its file system can do that. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } catch (error) {
    if (!/^(?:EINVAL|EISDIR|ENOTSUP|EPERM)$/.test(codeOf(error))) throw error;
  } finally {
    await folder.close();
  }
}

/** A folder that is not there has no names. */
export async function* namesIn(folder: string): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(folder)) yield name;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** Files that a process left when it was killed are looked after once nothing has changed them for this time, ms. */
const abandonedMs = 3_600_000;

export async function isAbandoned(path: string): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined);
  return stat !== undefined && Date.now() - stat.ctimeMs > abandonedMs;
}

export function isAbsent(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
