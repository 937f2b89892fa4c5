import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostView } from './host/hostView.ts';

const workspace = fileURLToPath(new URL('../../../..', import.meta.url));

/** What a small project installs: names of packages of this workspace, which are linked, as pnpm and npm link them. */
export interface ProjectFiles {
  readonly links?: readonly string[];
  /** Texts by path. An object is written as JSON. */
  readonly files: Readonly<Record<string, string | object>>;
}

/** Writes a project into a folder of its own, and gives its real path. */
export function project({ links = [], files }: ProjectFiles): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchlab-doctor-project-')));
  for (const name of links) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(workspace, 'node_modules', name), link);
  }
  write(folder, files);
  return folder;
}

/** A machine: a folder that stands for its file system, where all is allowed and the clock is synchronised. */
export function machine(files: Readonly<Record<string, string>> = {}, more: Partial<HostView> = {}): HostView {
  const root = project({ files });
  return {
    root,
    mayRead: async () => true,
    mayReadAndWrite: async () => true,
    groups: async () => ['users'],
    clock: async () => 'synchronised',
    libraryProblem: async () => undefined,
    ...more,
  };
}

function write(folder: string, files: ProjectFiles['files']): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
}
