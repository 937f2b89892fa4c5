// The packages of the repository, as package.json lists them: a new one is checked, packed and released without a change here.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/**
 * Every workspace: its folder from the root, and its package.json.
 * @returns {{ folder: string, manifest: Record<string, any> }[]}
 */
export function workspaces(from = root) {
  return readManifest(from)
    .workspaces.flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern];
      const parent = pattern.slice(0, -2);
      return existsSync(join(from, parent)) ? readdirSync(join(from, parent)).map((name) => `${parent}/${name}`) : [];
    })
    .filter((folder) => existsSync(join(from, folder, 'package.json')))
    .sort()
    .map((folder) => ({ folder, manifest: readManifest(join(from, folder)) }));
}

/** The workspaces that go to npm. */
export function publishedWorkspaces(from = root) {
  return workspaces(from).filter(({ manifest }) => !manifest.private);
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
