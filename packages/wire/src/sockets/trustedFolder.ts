import { lstatSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { followLinks } from '../files/followLinks.ts';
import { isStranger } from '../files/owner.ts';

// Of the mode of a folder, inode(7): others, or its group, may write; only the owner of an entry may remove it.
const othersWrite = 0o002;
const groupWrites = 0o020;
const sticky = 0o1000;

/**
 * Refuses a socket in a folder, or below one, that every user can write to without the sticky bit, or behind a link of another
 * user: any of them could put a socket of their own in its place.
 *
 * @throws BenchlabError BAD_OPTION that names the folder or the link; NO_PERMISSION where a folder is closed to this user
 */
export function checkFolders(path: string, otherPath: string): void {
  for (const folder of foldersAbove(path, otherPath)) {
    if (!isOpenToAll(folder.found)) continue;
    const what = `Every user can replace the socket ${path}: all may write to ${folder.path}, which has no sticky bit.`;
    const fix = `Take that right away (chmod o-w ${folder.path}), or choose ${otherPath}.`;
    throw new BenchlabError('BAD_OPTION', what, fix);
  }
}

/**
 * Refuses a socket that another user has put there. A service has a user of its own: its socket counts as genuine in a folder
 * of that user to which no other can write, when each folder above belongs to root, to this user or to the service, and no
 * other can write there either. Then root has given it that path.
 *
 * @throws BenchlabError NO_PERMISSION that names the owner, or where a folder is closed to this user
 */
export function checkOwner(path: string, otherPath: string, own: number | undefined = process.getuid?.()): void {
  const found = seen(path, otherPath, () => lstatSync(path, { throwIfNoEntry: false }));
  if (found === undefined || !isStranger(found.uid, own)) return;
  const [folder, ...above] = foldersAbove(path, otherPath).map((each) => each.found);
  const isOfService = ({ uid, mode }: Stats) => uid === found.uid && (mode & othersWrite) === 0;
  const isTrusted = (each: Stats) => isOfService(each) || (!isStranger(each.uid, own) && !isOpenToAGroup(each));
  if (folder !== undefined && isOfService(folder) && above.every(isTrusted)) return;
  const what = `The socket ${path} belongs to another user (uid ${found.uid}), in a folder that any user could have made.`;
  const fix = 'Name the socket of an agent that you know: that of a service is in /run/benchlab.';
  throw new BenchlabError('NO_PERMISSION', what, fix);
}

/** To all, or to a group that is not the one of root: with or without the sticky bit its members can make folders there. */
function isOpenToAGroup({ mode, gid }: Stats): boolean {
  return (mode & othersWrite) !== 0 || ((mode & groupWrites) !== 0 && gid !== 0);
}

function isOpenToAll({ mode }: Stats): boolean {
  return (mode & othersWrite) !== 0 && (mode & sticky) === 0;
}

/** The folders of the path that are there, behind its links, the nearest first. */
function foldersAbove(path: string, otherPath: string): readonly { readonly path: string; readonly found: Stats }[] {
  const folders: { path: string; found: Stats }[] = [];
  const start = seen(path, otherPath, () => followLinks(dirname(path)));
  for (let folder = start; folder !== undefined; folder = parentOf(folder)) {
    const at = folder;
    const found = seen(path, otherPath, () => lstatSync(at, { throwIfNoEntry: false }));
    if (found !== undefined) folders.push({ path: folder, found });
  }
  return folders;
}

function parentOf(folder: string): string | undefined {
  return folder === '/' ? undefined : dirname(folder);
}

/** What `look` finds. Undefined when something on the way is not a folder: then there is no socket to be judged. */
function seen<T>(path: string, otherPath: string, look: () => T): T | undefined {
  try {
    return look();
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException; // what fs and followLinks throw
    if (code === 'ENOTDIR') return undefined;
    const isClosed = code === 'EACCES' || code === 'EPERM';
    const what = `The folders of the socket ${path} cannot be checked: ${messageOf(thrown)}.`;
    const fix = isClosed ? `Give this user the right to enter them, or choose ${otherPath}.` : `Choose ${otherPath}.`;
    throw new BenchlabError(isClosed ? 'NO_PERMISSION' : 'BAD_OPTION', what, fix, { cause: thrown });
  }
}
