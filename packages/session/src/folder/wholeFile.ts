import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file whole or not at all: a reader finds the old text or the new one, also after a crash. It is on the disk when
 * this resolves.
 */
export async function writeWhole(path: string, text: string | Iterable<string>): Promise<void> {
  const part = `${path}.part`;
  try {
    // Only this process writes here: a file of this name is left over from one that was killed.
    await rm(part, { force: true });
    const file = await open(part, 'wx', 0o640);
    try {
      await writeFile(file, text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(part, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Names that were made or changed in a folder are on the disk. Some file systems refuse it, and keep names in order anyway. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().catch(() => undefined);
  await folder.close();
}
