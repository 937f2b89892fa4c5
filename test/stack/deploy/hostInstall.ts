import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Archive {
  /** As `npm run pack:host` writes it. */
  readonly file: string;
  /** Unpacked, as on a host without a network. */
  readonly folder: string;
  remove(): Promise<void>;
}

export async function unpackedArchive(): Promise<Archive> {
  const scratch = await mkdtemp(join(tmpdir(), 'benchlab-archive-'));
  const { stdout } = await run(process.execPath, ['scripts/pack-host.mjs', '--out', scratch], { cwd: root });
  const file = stdout.trim().split('\n').at(-1) ?? '';
  await run('tar', ['--extract', '--gzip', '--file', file, '--directory', scratch]);
  const name = (await readdir(scratch)).find((each) => !each.endsWith('.tar.gz')) ?? '';
  return { file, folder: join(scratch, name), remove: () => rm(scratch, { recursive: true }) };
}

/** A folder with the users of a bare system, to install into. */
export async function bareSystem(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-root-'));
  await mkdir(join(folder, 'etc'));
  for (const name of ['passwd', 'group', 'shadow', 'gshadow']) {
    await cp(join('/etc', name), join(folder, 'etc', name)).catch(() => undefined);
  }
  return folder;
}

/** Runs install.sh of the archive, as root: within a user namespace where the tests have another user. */
export async function install(archive: string, ...args: readonly string[]): Promise<string> {
  const script = join(archive, 'install.sh');
  const [command, before] = process.getuid?.() === 0 ? ['sh', []] : ['unshare', ['--map-root-user', 'sh']];
  const { stdout } = await run(command, [...before, script, ...args]);
  return stdout;
}

/** The contents of every file below a folder by its path, and `undefined` for a folder. */
export async function contents(folder: string): Promise<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = entry.isFile() ? await readFile(path, 'latin1') : undefined;
  }
  return found;
}
