// SDK 3 with the Node versions that it needs: a project of its own, because its API is not that of the repository.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './lane-stage.mjs';
import { root } from './workspaces.mjs';

export const island = join(root, 'test/lanes/sdk3');

/** Node 22 or 24, once the island is installed. */
export function nodeProgram(major) {
  return join(island, `node_modules/node${major}/bin/node`);
}

export function installIsland() {
  const stamp = join(island, 'node_modules/.benchlab-lock-hash');
  const lock = readFileSync(join(island, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  console.error('Installing SDK 3 with Node 22 and 24 (npm ci in test/lanes/sdk3, 500 MB) …');
  const started = Date.now();
  // Its engines are not met by Node 20, which only starts the other two.
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], island);
  writeFileSync(stamp, hash);
  console.error(`… done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
