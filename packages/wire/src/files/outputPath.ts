import { constants, lstatSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
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

/** As many links one after another as Linux follows (path_resolution(7)). */
const maxLinks = 40;

/**
 * Where a name leads that is about to be written. Another user can put a link, a FIFO or a file at a name in a shared folder,
 * and so choose what is overwritten, or receive what is written: none of them is taken from another user but root. The same
 * holds for links among the folders.
 *
 * @throws Error that states what is in the way, for the message of the option
 */
export function outputPath(path: string): OutputPath {
  // Name by name as the system does it, because `..` after a link starts from where the link leads.
  let at = '/';
  let links = 0;
  const names = namesOf(path.startsWith('/') ? path : `${process.cwd()}/${path}`);
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const next = join(at, name);
    // The links of /proc lead to what is open, as /dev/stdout does, and their texts are not paths (proc(5)).
    if (next.startsWith('/proc/')) return { path: join(next, ...names), noFollow: 0, accept: () => undefined };
    const found = lstatSync(next, { throwIfNoEntry: false });
    if (found?.isSymbolicLink() !== true) {
      at = next;
      continue;
    }
    accept(next, found);
    if (++links > maxLinks) throw new Error(`it leads through more than ${maxLinks} links`);
    const text = readlinkSync(next);
    names.unshift(...namesOf(text));
    if (text.startsWith('/')) at = '/';
  }
  const found = lstatSync(at, { throwIfNoEntry: false });
  if (found !== undefined) accept(at, found);
  return { path: at, noFollow: constants.O_NOFOLLOW, accept: (opened) => accept(at, opened) };
}

const namesOf = (path: string): string[] => path.split('/').filter((name) => name !== '');

function accept(path: string, found: Stats): void {
  const what = kindOf(found);
  if (what === undefined || !isStranger(found.uid)) return;
  throw new Error(`${path} is a ${what} of another user (uid ${found.uid})`);
}

/** What another user can put at a name to be written. Folders and sockets are refused anyway; only root makes devices. */
function kindOf(found: Stats): string | undefined {
  if (found.isSymbolicLink()) return 'link';
  if (found.isFIFO()) return 'FIFO';
  return found.isFile() ? 'file' : undefined;
}
