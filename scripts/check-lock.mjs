// Does each entry of the lock files that a registry serves have an integrity hash? npm leaves it out for optional packages
// of other platforms when node_modules is there, so `npm install` can lose hashes that were there before.
//   node scripts/check-lock.mjs           checks
//   node scripts/check-lock.mjs --write   lets npm look up what is missing
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutHash } from './lock-entries.mjs';
import { workspaces } from './workspaces.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The folders with a lock file of their own, and the workspaces that each describes. */
const locks = [
  { folder: '.', workspaces: workspaces().map(({ folder }) => folder) },
  { folder: 'test/lanes/sdk3', workspaces: [] },
  { folder: 'monitoring/pictures', workspaces: [] },
];

let faults = 0;
for (const lock of locks) {
  const path = join(root, lock.folder, 'package-lock.json');
  if (process.argv.includes('--write')) repair(lock, path);
  const { missing, hosts, count } = withoutHash(JSON.parse(readFileSync(path, 'utf8')));
  const name = join(lock.folder, 'package-lock.json');
  for (const entry of missing) console.error(`${name}: ${entry} has no integrity hash.`);
  for (const entry of hosts)
    console.error(`${name}: ${entry} names a registry. Keep omit-lockfile-registry-resolved in .npmrc.`);
  faults += missing.length + hosts.length;
  console.log(`${name}: ${count} entries of a registry, ${missing.length} without an integrity hash.`);
}
if (faults > 0) {
  console.error('Correct it with: node scripts/check-lock.mjs --write');
  process.exitCode = 1;
}

/** Removes what has no hash, and lets npm resolve it again where no node_modules is in its way. */
function repair(lock, path) {
  const content = JSON.parse(readFileSync(path, 'utf8'));
  const { missing } = withoutHash(content);
  if (missing.length === 0) return;
  const scratch = mkdtempSync(join(tmpdir(), 'benchlab-lock-'));
  try {
    for (const entry of missing) delete content.packages[entry];
    writeFileSync(join(scratch, 'package-lock.json'), JSON.stringify(content, undefined, 2));
    for (const file of ['package.json', '.npmrc', ...lock.workspaces.map((folder) => `${folder}/package.json`)]) {
      if (!existsSync(join(root, lock.folder, file))) continue;
      mkdirSync(dirname(join(scratch, file)), { recursive: true });
      copyFileSync(join(root, lock.folder, file), join(scratch, file));
    }
    const args = ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status } = spawnSync('npm', args, { cwd: scratch, stdio: 'inherit' });
    if (status === 0) copyFileSync(join(scratch, 'package-lock.json'), path);
    else console.error(`${path}: npm could not look up what is missing (exit ${status}). Nothing was changed.`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
