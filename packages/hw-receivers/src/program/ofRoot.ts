import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

// Of a mode, inode(7): the group or others may write.
const groupWrites = 0o020;
const othersWrite = 0o002;

/** Whether only root can change the program, or put another one in its place: by its name, or where a link leads. */
export function isOfRoot(path: string): boolean {
  try {
    const real = realpathSync(path);
    return [dirname(path), dirname(real), real].every(isWrittenByRootAlone);
  } catch {
    return false; // it is not there, or this user may not look
  }
}

function isWrittenByRootAlone(path: string): boolean {
  const { uid, gid, mode } = statSync(path);
  return uid === 0 && (mode & othersWrite) === 0 && ((mode & groupWrites) === 0 || gid === 0);
}
