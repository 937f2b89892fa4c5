import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isStranger } from './owner.ts';

/** As many links one after another as Linux follows (path_resolution(7)). */
const maxLinks = 40;

/**
 * Where a name leads, with its links followed. What is not there yet keeps its name. In a shared folder another user can put a
 * link at any name: theirs are not followed, those of root are.
 *
 * @returns a path of /proc as soon as one is reached: the links of /proc lead to what is open, as /dev/stdout does, and their
 *   texts are not paths (proc(5))
 * @throws Error that names a link of another user, or states that there are too many; Error of the system, where a folder is
 *   closed to this user or is not a folder
 */
export function followLinks(path: string): string {
  // Name by name as the system does it, because `..` after a link starts from where the link leads.
  let at = '/';
  let links = 0;
  const names = namesOf(path.startsWith('/') ? path : `${process.cwd()}/${path}`);
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const next = join(at, name);
    if (next.startsWith('/proc/')) return join(next, ...names);
    const found = lstatSync(next, { throwIfNoEntry: false });
    if (found?.isSymbolicLink() !== true) {
      at = next;
      continue;
    }
    if (isStranger(found.uid)) throw new Error(`${next} is a link of another user (uid ${found.uid})`);
    if (++links > maxLinks) throw new Error(`it leads through more than ${maxLinks} links`);
    const text = readlinkSync(next);
    names.unshift(...namesOf(text));
    if (text.startsWith('/')) at = '/';
  }
  return at;
}

const namesOf = (path: string): string[] => path.split('/').filter((name) => name !== '');
