import { lstatSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { outputPath } from '@benchlab-otel/wire';

/** A folder that is written under another name, and gets its own when all of it is there. */
export interface OutFolder {
  /** Where files are written until then. For its owner alone (0700). */
  readonly path: string;
  /** Gives it its name. @throws BenchlabError where the name was taken meanwhile */
  keep(): void;
  /** Removes it, unless it was kept. */
  remove(): void;
}

/** @throws BenchlabError BAD_OPTION where `out` exists already, or cannot be made */
export function prepareOutFolder(out: string | undefined): OutFolder {
  if (out === undefined) return folderAt(mkdtempSync(join(tmpdir(), 'benchlab-cycle-')), undefined);
  try {
    const { path } = outputPath(out);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw new Error('it exists already');
    return folderAt(mkdtempSync(`${path}.`), path);
  } catch (cause) {
    const fix = 'Name a folder that does not exist, in one that exists and that you may write to.';
    throw new BenchlabError('BAD_OPTION', `--out ${out} cannot be made: ${messageOf(cause)}.`, fix, { cause });
  }
}

function folderAt(path: string, name: string | undefined): OutFolder {
  return {
    path,
    keep() {
      if (name === undefined) return;
      try {
        // An empty folder that has taken the name would be replaced; a folder with files is refused by the system.
        renameSync(path, name);
      } catch (cause) {
        const fix = 'Name another folder, and run it again.';
        throw new BenchlabError('UNSUPPORTED', `--out ${name} was taken meanwhile: ${messageOf(cause)}.`, fix, {
          cause,
        });
      }
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
