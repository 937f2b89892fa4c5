import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { isStranger } from '../files/owner.ts';

// Of the mode of a folder, inode(7): others may write; only the owner of an entry may remove it.
const othersWrite = 0o002;
const sticky = 0o1000;

/**
 * Refuses a socket in a folder, or below one, that every user can write to without the sticky bit: any of them could put a
 * socket of their own in its place.
 *
 * @throws BenchlabError BAD_OPTION that names the folder
 */
export function checkFolders(path: string, otherPath: string): void {
  for (let folder = realFolder(path); ; folder = dirname(folder)) {
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found !== undefined && isOpenToAll(found)) {
      const what = `Every user can replace the socket ${path}: all may write to ${folder}, which has no sticky bit.`;
      throw new BenchlabError(
        'BAD_OPTION',
        what,
        `Take that right away (chmod o-w ${folder}), or choose ${otherPath}.`,
      );
    }
    if (folder === dirname(folder)) return;
  }
}

/**
 * Refuses a socket that another user has put there. A service has a user of its own: its socket counts as genuine in a folder
 * of that user to which no other can write.
 *
 * @throws BenchlabError NO_PERMISSION that names the owner
 */
export function checkOwner(path: string, own: number | undefined = process.getuid?.()): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || !isStranger(found.uid, own)) return;
  const folder = lstatSync(realFolder(path), { throwIfNoEntry: false });
  if (folder !== undefined && folder.uid === found.uid && (folder.mode & othersWrite) === 0) return;
  const what = `The socket ${path} belongs to another user (uid ${found.uid}), in a folder that is not theirs.`;
  const fix = 'Name the socket of an agent that you know: that of a service is in /run/benchlab.';
  throw new BenchlabError('NO_PERMISSION', what, fix);
}

function isOpenToAll({ mode }: Stats): boolean {
  return (mode & othersWrite) !== 0 && (mode & sticky) === 0;
}

/** The folder behind the links of the path. Where it is not there yet, the nearest one that is. */
function realFolder(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      return realpathSync(folder);
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException; // what fs throws
      if (code !== 'ENOENT' || folder === dirname(folder)) throw thrown;
    }
  }
}
