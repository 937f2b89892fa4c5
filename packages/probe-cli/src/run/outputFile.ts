import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { BenchlabError } from '@benchlab-otel/core';

/** A file that is written once, at the end, whole or not at all. */
export interface OutputFile {
  /** @throws BenchlabError that names the file, when it could not be written; then there is no such file */
  write(text: string): Promise<void>;
  /** Takes away what an earlier run left there: a run that fails to write its own must not seem to have written that. */
  clear(): Promise<void>;
}

/**
 * Makes sure, before anything is started, that `path` can be written later. What is there stays until then. A pipe or a
 * device is refused: opening one may wait for ever, and it cannot be replaced by a whole file.
 *
 * @throws BenchlabError BAD_OPTION that names the option and the path
 */
export async function prepareOutputFile(path: string, option: string): Promise<OutputFile> {
  try {
    const target = await targetOf(path);
    const beside = `${target}.${process.pid}.tmp`;
    await (await open(beside, 'wx')).close();
    await rm(beside);
    return {
      write: (text) => replace(target, beside, text, `${option} ${path}`),
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
  if (!found.isFile()) throw new Error(`it is ${found.isDirectory() ? 'a folder' : 'no regular file'}`);
  return realpath(path);
}

/** Written beside it and renamed: whoever reads it finds the whole of it or nothing. */
async function replace(target: string, beside: string, text: string, name: string): Promise<void> {
  try {
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(beside, target);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw new BenchlabError(
      'UNSUPPORTED',
      `${name} was not written: ${messageOf(cause)}.`,
      'Make room on its disk, see that its folder is still there, and run it again.',
      { cause },
    );
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
