import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in a program: a line of a stack. */
export interface Place {
  readonly file: string;
  /** `/app/main.js:12` */
  readonly shown: string;
}

/** The name and the folder of the package that a file belongs to. */
export interface OwnPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

export type PackageOf = (file: string) => Promise<OwnPackage | undefined>;

/** `name (file:///app/main.mjs:12:5)` or `/app/main.js:12:5`. Undefined for code of Node.js and of eval. */
export function placeOf(frame: string): Place | undefined {
  const [, where, line] = /(?:^|[\s(])((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?$/.exec(frame) ?? [];
  if (where === undefined) return undefined;
  const file = pathOf(where);
  return file === undefined ? undefined : { file, shown: `${file}:${line}` };
}

/** The path of a file URL, and a path as it is. Undefined for other URLs. */
export function pathOf(where: string): string | undefined {
  if (!where.startsWith('file:')) return /^[a-z][a-z0-9+.-]+:/i.test(where) ? undefined : where;
  try {
    return fileURLToPath(where);
  } catch {
    return undefined;
  }
}

/** Reads package.json files upwards, each folder once. */
export function packageFinder(): PackageOf {
  const known = new Map<string, Promise<OwnPackage | undefined>>();
  const of = (folder: string): Promise<OwnPackage | undefined> => {
    const found = known.get(folder) ?? look(folder);
    known.set(folder, found);
    return found;
  };
  const look = async (folder: string): Promise<OwnPackage | undefined> => {
    const manifest = await nameIn(folder);
    // A package.json without a name only states the kind of modules, as in build/esm.
    if (manifest !== undefined) return { ...manifest, folder };
    return dirname(folder) === folder ? undefined : of(dirname(folder));
  };
  return (file) => of(dirname(file));
}

async function nameIn(folder: string): Promise<Omit<OwnPackage, 'folder'> | undefined> {
  try {
    const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    return typeof name === 'string' ? { name, version: String(version ?? 'without a version') } : undefined;
  } catch {
    return undefined; // none here, or not readable
  }
}
