import { constants, lstatSync, type Stats } from 'node:fs';
import { followLinks } from './followLinks.ts';
import { isStranger } from './owner.ts';

/** Where an output is written, with its links followed. */
export interface OutputPath {
  readonly path: string;
  /** For open(2): no link that takes the name meanwhile is followed. */
  readonly noFollow: number;
  /**
   * For what was opened, which can have taken the name meanwhile.
   *
   * @throws Error that states that another user owns it
   */
  accept(found: Stats): void;
}

/**
 * Where a name leads that is about to be written. Another user can put a link, a FIFO or a file at a name in a shared folder,
 * and so choose what is overwritten, or receive what is written: none of them is taken from another user but root. The same
 * holds for links among the folders.
 *
 * @throws Error that states what is in the way, for the message of the option
 */
export function outputPath(path: string): OutputPath {
  const at = followLinks(path);
  if (at.startsWith('/proc/')) return { path: at, noFollow: 0, accept: () => undefined };
  const found = lstatSync(at, { throwIfNoEntry: false });
  if (found !== undefined) accept(at, found);
  return { path: at, noFollow: constants.O_NOFOLLOW, accept: (opened) => accept(at, opened) };
}

/** Folders and sockets are refused anyway, and only root makes devices. */
function accept(path: string, found: Stats): void {
  if (!(found.isFile() || found.isFIFO()) || !isStranger(found.uid)) return;
  throw new Error(`${path} is a ${found.isFile() ? 'file' : 'FIFO'} of another user (uid ${found.uid})`);
}
