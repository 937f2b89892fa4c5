import { constants, fstatSync, openSync } from 'node:fs';
import { lstat, open, rename, rm, stat } from 'node:fs/promises';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { type OutputPath, outputPath } from '@benchlab-otel/wire';

/** What a file is written with. */
export type OutputText = string | Iterable<string> | AsyncIterable<Uint8Array>;

/** A file that is written whole or not at all, each time. */
export interface OutputFile {
  /**
   * @param text the whole, or its pieces, which need not be in memory at one time
   * @throws BenchlabError that names the file, when it could not be written. Then no file of this run is left.
   */
  write(text: OutputText): Promise<void>;
  /**
   * Removes the file of an earlier run: after a run that fails, it would look like the result of that run. A file that has
   * taken its name since is left alone.
   */
  clear(): Promise<void>;
}

/**
 * Checks, before anything is started, that `path` can be written later. An existing file stays until then. A pipe or a
 * device is refused: opening one may wait without end, and a whole file cannot replace it. What another user has put there is refused.
 * A new file is for its owner alone.
 *
 * @throws BenchlabError BAD_OPTION that names the option and the path
 */
export async function prepareOutputFile(path: string, option: string): Promise<OutputFile> {
  try {
    // The file that a link of our own leads to is replaced, and the link stays.
    const output = outputPath(path);
    const target = output.path;
    const before = await earlier(output);
    const mode = before === undefined ? 0o600 : before.mode;
    const temporary = `${target}.${process.pid}.tmp`;
    await (await open(temporary, 'wx', mode)).close();
    await rm(temporary);
    return {
      write: (text) => replace(target, temporary, { text, mode, name: `${option} ${path}` }),
      clear: () => removeSame(target, before?.descriptor),
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

interface Earlier {
  readonly mode: number;
  /** Open until this process ends, so that its inode is not used again. Undefined for a file that we may not read. */
  readonly descriptor: number | undefined;
}

async function earlier({ path, accept }: OutputPath): Promise<Earlier | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  if (!found.isFile()) throw new Error(`it is ${found.isDirectory() ? 'a folder' : 'not a regular file'}`);
  accept(found);
  // O_NONBLOCK: a FIFO that has taken the name in between would block.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  return { mode: found.mode & 0o666, descriptor: opened(path, flags) };
}

function opened(path: string, flags: number): number | undefined {
  try {
    return openSync(path, flags);
  } catch {
    return undefined;
  }
}

async function removeSame(target: string, descriptor: number | undefined): Promise<void> {
  if (descriptor === undefined) return;
  const own = fstatSync(descriptor);
  const found = await lstat(target).catch(() => undefined);
  if (found?.ino === own.ino && found.dev === own.dev) await rm(target).catch(() => undefined);
}

interface Content {
  readonly text: OutputText;
  readonly mode: number;
  readonly name: string;
}

/** Written to a temporary file next to it, then renamed: a reader finds the whole text or nothing. */
async function replace(target: string, temporary: string, { text, mode, name }: Content): Promise<void> {
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      // The declarations of Node 20 lack the pieces that writeFile() of a handle takes.
      await file.writeFile(text as string);
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
