import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '@benchlab-otel/core';

/** A package as it is installed. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Real path of its folder: links of pnpm and of workspaces are followed. */
  readonly folder: string;
  /** Names and ranges of dependencies and required peers. */
  readonly needs: Readonly<Record<string, string>>;
  /** The folders that Node.js finds for the names that it needs or may use. A name that is not found has none. */
  readonly gets: Readonly<Record<string, string>>;
}

/** What is installed for the program of a folder. */
export interface Installed {
  /** The program itself comes first. */
  readonly packages: readonly InstalledPackage[];
  /** Packages beyond the bound that were not read. */
  readonly isCut: boolean;
}

/** Why packages could not be read. `isFault`: something is broken, and not merely absent. */
export interface Unreadable {
  readonly because: string;
  readonly isFault: boolean;
}

/** The largest monorepos install a few thousand. */
const maxPackages = 20_000;
const maxManifestBytes = 4 * 1024 * 1024;

/**
 * Reads which packages the program of `folder` gets, as Node.js resolves them: from each package upwards through
 * `node_modules`, by real paths. Nothing is loaded. Development dependencies of the program are left out, because they do
 * not run in it.
 */
export async function installedFor(folder: string): Promise<Installed | Unreadable> {
  const root = await upwards(folder, 'package.json');
  if (root === undefined) {
    return { because: `there is no package.json in ${folder} or above it`, isFault: false };
  }
  const pnp = (await upwards(root, '.pnp.cjs')) ?? (await upwards(root, '.pnp.js'));
  if (pnp !== undefined) {
    return { because: `Yarn Plug'n'Play (${pnp}) keeps packages in archives, which are not read`, isFault: false };
  }
  try {
    return await walk(await realpath(root));
  } catch (error) {
    return { because: messageOf(error), isFault: true };
  }
}

async function walk(root: string): Promise<Installed> {
  const packages: InstalledPackage[] = [];
  const folders = new Set([root]);
  // A set gives what is added while it is walked through, too.
  for (const folder of folders) {
    if (packages.length >= maxPackages) return { packages, isCut: true };
    const read = await readPackage(folder);
    packages.push(read);
    for (const next of Object.values(read.gets)) folders.add(next);
  }
  return { packages, isCut: false };
}

async function readPackage(folder: string): Promise<InstalledPackage> {
  const manifest = await manifestOf(folder);
  const [dependencies, optional, peers] = ['dependencies', 'optionalDependencies', 'peerDependencies'].map((field) =>
    ranges(manifest[field]),
  ) as [Ranges, Ranges, Ranges]; // as many as there are fields
  const peerMeta = objectOf(manifest.peerDependenciesMeta);
  const isOptional = (name: string) => name in optional || objectOf(peerMeta[name]).optional === true;
  const all = { ...peers, ...optional, ...dependencies };
  const gets = new Map<string, string>();
  for (const name of Object.keys(all).filter(isPackageName)) {
    const target = await resolved(name, folder);
    if (target !== undefined) gets.set(name, target);
  }
  return {
    name: typeof manifest.name === 'string' ? manifest.name : folder,
    version: typeof manifest.version === 'string' ? manifest.version : 'without a version',
    folder,
    needs: Object.fromEntries(Object.entries(all).filter(([name]) => !isOptional(name))),
    gets: Object.fromEntries(gets),
  };
}

/** The real folder of a package, as Node.js finds it from `from`: https://nodejs.org/api/modules.html#loading-from-node_modules-folders */
async function resolved(name: string, from: string): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (await isFile(join(candidate, 'package.json'))) return realpath(candidate);
    if (dirname(folder) === folder) return undefined;
  }
}

async function upwards(from: string, name: string): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    if (await isFile(join(folder, name))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true;
}

async function manifestOf(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const path = join(folder, 'package.json');
  const { size } = await stat(path);
  if (size > maxManifestBytes) throw new Error(`${path} is larger than ${maxManifestBytes} bytes`);
  const text = await readFile(path, 'utf8');
  try {
    return objectOf(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is not JSON: ${messageOf(cause)}`, { cause });
  }
}

/** Anything else would lead out of node_modules. */
function isPackageName(name: string): boolean {
  return /^(?:@[^/\\]+\/)?[^./\\][^/\\]*$/.test(name);
}

type Ranges = Readonly<Record<string, string>>;

function ranges(value: unknown): Ranges {
  return Object.fromEntries(
    Object.entries(objectOf(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
