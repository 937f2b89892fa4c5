import { access, constants, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What doctor sees of the machine. Tests give it a folder of their own. */
export interface HostView {
  /** Where the file system begins: `/`. */
  readonly root: string;
  /** Whether this user may open the file, as the kernel decides it: also by access control lists. */
  mayRead(path: string): Promise<boolean>;
  mayReadAndWrite(path: string): Promise<boolean>;
  /** Names of the groups of this process. */
  groups(): Promise<readonly string[]>;
  /** Undefined where the kernel does not say. */
  clock(): Promise<'synchronised' | 'unsynchronised' | undefined>;
  /** Why a shared library cannot be loaded; undefined when it can. */
  libraryProblem(name: string): Promise<string | undefined>;
}

export function thisHost(): HostView {
  return {
    root: '/',
    mayRead: (path) => isAllowed(path, constants.R_OK),
    mayReadAndWrite: (path) => isAllowed(path, constants.R_OK | constants.W_OK),
    groups: async () => {
      const names = groupNames(await readFile('/etc/group', 'utf8').catch(() => ''));
      return (process.getgroups?.() ?? []).map((id) => names.get(id) ?? String(id));
    },
    clock: async () => (await import('@benchlab-otel/hw-receivers')).kernelClock(),
    libraryProblem: async (name) => (await import('@benchlab-otel/hw-receivers')).libraryProblem(name),
  };
}

/** The text of a small file, without spaces around it. Undefined when it cannot be read. */
export async function textOf(...path: readonly string[]): Promise<string | undefined> {
  const text = await readFile(join(...path), 'utf8').catch(() => undefined);
  return text?.trim();
}

export async function namesIn(...path: readonly string[]): Promise<readonly string[]> {
  return readdir(join(...path)).catch(() => []);
}

/** Group names by number: group(5). */
export function groupNames(text: string): ReadonlyMap<number, string> {
  return new Map(
    text.split('\n').flatMap((line): (readonly [number, string])[] => {
      const [name = '', , id = ''] = line.split(':');
      return /^\d+$/.test(id) ? [[Number(id), name]] : [];
    }),
  );
}

async function isAllowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'EACCES' && error.code !== 'EPERM',
  );
}
