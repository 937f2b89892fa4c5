import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { BenchlabError, messageOf } from '@benchlab-otel/core';

/** A file that is written once, at the end, whole or not at all. */
export interface OutputFile {
  /** @throws BenchlabError that names the file, when it could not be written. Then no file is left. */
  write(text: string): Promise<void>;
  /** Removes the file of an earlier run: after a run that fails, it would look like the result of that run. */
  clear(): Promise<void>;
}

/**
 * Checks, before anything is started, that `path` can be written later. An existing file stays until then. A pipe or a
 * device is refused: opening one may wait without end, and a whole file cannot replace it.
 *
 * @throws BenchlabError BAD_OPTION that names the option and the path
 */
export async function prepareOutputFile(path: string, option: string): Promise<OutputFile> {
  try {
    const target = await targetOf(path);
    const temporary = `${target}.${process.pid}.tmp`;
    await (await open(temporary, 'wx')).close();
    await rm(temporary);
    return {
      write: (text) => replace(target, temporary, text, `${option} ${path}`),
      clear: () => rm(target, { force: true }),
    };
  } catch (cause) {
    throw new BenchlabError(
      'BAD_OPTION',
      `${option} ${path} cannot be written: ${messageOf(cause)}.`,
      'Name a regular file in a folder that exists and that you may write to.',
      { cause },
    );
  }
}

/** Where a symbolic link leads: the file is replaced, the link stays. */
async function targetOf(path: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return path;
  if (!found.isFile()) throw new Error(`it is ${found.isDirectory() ? 'a folder' : 'not a regular file'}`);
  return realpath(path);
}

/** Written to a temporary file next to it, then renamed: a reader finds the whole text or nothing. */
async function replace(target: string, temporary: string, text: string, name: string): Promise<void> {
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new BenchlabError(
      'UNSUPPORTED',
      `${name} was not written: ${messageOf(cause)}.`,
      'Make room on its disk, check that its folder is still there, and run it again.',
      { cause },
    );
  }
}
