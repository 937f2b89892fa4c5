import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { formatSessionFile, parseSessionFile } from '../folder/sessionFile.ts';
import { sessionPaths } from '../folder/sessionPaths.ts';
import { syncFolder, writeWhole } from '../folder/wholeFile.ts';
import { sessionsFolder } from '../recorder/openFolder.ts';
import { readArchive } from './readArchive.ts';

/** An archive that is now a session. */
export interface UnpackedSession {
  readonly folder: string;
  readonly files: number;
}

/** Numbers that are tried after a name that is taken. */
const maxNames = 1_000;

/**
 * Makes a session of an archive. The whole archive is checked before a byte is written, and again while it is written; the
 * session takes its name at the end, or the next one that is free. `session.json` states that it was imported.
 *
 * @throws BenchlabError BAD_REPLY for an archive that differs from its manifest; BAD_OPTION when it or the folder cannot be used
 */
export async function unpackSession(archive: string, dataRoot: string): Promise<UnpackedSession> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  const file = await open(archive, flags).catch((cause: unknown) => {
    throw new BenchlabError('BAD_OPTION', `${archive} cannot be read: ${messageOf(cause)}.`, 'Name an archive.', {
      cause,
    });
  });
  try {
    if (!(await file.stat()).isFile())
      throw new BenchlabError('BAD_OPTION', `${archive} is no file.`, 'Name an archive.');
    const { name, files } = await readArchive(file, archive);
    const root = sessionsFolder(dataRoot);
    await mkdir(root, { recursive: true });
    const aside = join(root, `.unpacking-${name}-${process.pid}`);
    await rm(aside, { recursive: true, force: true });
    const paths = sessionPaths(aside);
    try {
      for (const folder of [aside, paths.raw, paths.aligned, paths.exports]) await mkdir(folder);
      // The archive may have changed since: what is written is checked once more.
      await readArchive(file, archive, async (path) => {
        const out = await open(join(aside, path), 'wx', 0o640);
        return { write: async (bytes) => void (await out.write(bytes)), close: () => out.close() };
      });
      await markImported(paths.file, basename(archive));
      const folder = await takeName(aside, root, name);
      return { folder, files: files.length };
    } catch (error) {
      await rm(aside, { recursive: true, force: true });
      throw error;
    }
  } finally {
    await file.close();
  }
}

async function markImported(path: string, archive: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return; // a session of another program
  const session = parseSessionFile(text, path);
  await writeWhole(path, formatSessionFile({ ...session, imported: `archive ${archive}`.slice(0, 4_096) }));
}

/** A folder that is there is never replaced: an empty one is made first, and rename replaces only that. */
async function takeName(aside: string, root: string, name: string): Promise<string> {
  for (let number = 1; number <= maxNames; number++) {
    const folder = join(root, number === 1 ? name : `${name}-${number}`);
    const isFree = await mkdir(folder).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    if (!isFree) continue;
    await rename(aside, folder);
    await syncFolder(dirname(folder));
    return folder;
  }
  throw new BenchlabError(
    'BAD_OPTION',
    `${root} has ${maxNames} sessions of the name ${name}.`,
    'Remove some of them.',
  );
}
