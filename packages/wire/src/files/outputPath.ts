import { constants, lstatSync, readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isStranger } from './owner.ts';

/** Where an output is written, with its links followed. */
export interface OutputPath {
  readonly path: string;
  /** For open(2): no link that takes the name meanwhile is followed. */
  readonly noFollow: number;
}

/** As many links one after another as Linux follows (path_resolution(7)). */
const maxLinks = 40;

/**
 * Where a name leads that is about to be written. Another user can put a link or a FIFO at a name in a shared folder, and so
 * choose the file that is overwritten, or receive what is written: neither is taken from another user but root.
 *
 * @throws Error that states what is in the way, for the message of the option
 */
export function outputPath(path: string): OutputPath {
  let at = resolve(path);
  for (let links = 0; links <= maxLinks; links++) {
    // The links of /proc lead to what is open, as /dev/stdout does, and their texts are not paths (proc(5)).
    if (at.startsWith('/proc/')) return { path: at, noFollow: 0 };
    const found = lstatSync(at, { throwIfNoEntry: false });
    const isLink = found?.isSymbolicLink() === true;
    if (found !== undefined && (isLink || found.isFIFO()) && isStranger(found.uid)) {
      throw new Error(`${at} is a ${isLink ? 'link' : 'FIFO'} of another user (uid ${found.uid})`);
    }
    if (!isLink) return { path: at, noFollow: constants.O_NOFOLLOW };
    at = resolve(dirname(at), readlinkSync(at));
  }
  throw new Error(`it leads through more than ${maxLinks} links`);
}
