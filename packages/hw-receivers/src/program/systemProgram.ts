import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { isOfRoot } from './ofRoot.ts';

/** The absolute path of a program of the system by its name. Undefined where there is no such program. */
export type FindProgram = (name: string) => string | undefined;

/**
 * Where systems put programs that root installed: Debian, Fedora, Arch (`/usr/bin`), what an
 * administrator builds (`/usr/local/bin`), NixOS, and nvidia-smi under WSL 2.
 */
const foldersOfRoot = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin', '/usr/lib/wsl/lib'];

/**
 * Finds a program. Root runs nothing by its name alone: for root the folders are fixed, because `PATH` can come from a user
 * (`sudo -E`) and can have a folder that others write to; a program that others can change is passed over, as all of
 * /usr/local/bin is on Debian, where the group staff may write to it. For any other user those of `PATH` come first.
 *
 * @example systemProgram('nvidia-smi') // '/usr/bin/nvidia-smi'
 */
export function systemProgram(
  name: string,
  { uid = process.getuid?.(), path = process.env.PATH }: { uid?: number | undefined; path?: string | undefined } = {},
): string | undefined {
  if (isAbsolute(name)) return name;
  if (name.includes('/')) return undefined;
  const own = uid === 0 ? [] : (path ?? '').split(delimiter).filter(isAbsolute);
  return [...own, ...foldersOfRoot]
    .map((folder) => join(folder, name))
    .find((found) => isProgram(found) && (uid !== 0 || isOfRoot(found)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
