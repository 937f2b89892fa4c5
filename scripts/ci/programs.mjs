// Which of the programs that a run used did no script of this repository bring? On a bare machine they must be there before.
import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { debianPackageOf, isOfBaseSystem, originOf, systemPackages } from '../stack-system.mjs';
import { root } from '../workspaces.mjs';

/** One line for each, sorted: `go: /opt/go/bin/go (not of a Debian package)`. `paths` may repeat, and may be gone. */
export function notBrought(paths) {
  const lines = new Set();
  for (const path of new Set(paths)) {
    if (!path.startsWith('/') || basename(path) === '' || !existsSync(path)) continue;
    const file = realpathSync(path);
    if ([root, realpathSync(tmpdir())].some((folder) => file.startsWith(`${folder}/`))) continue;
    const name = basename(path);
    const owner = debianPackageOf(path);
    if (owner && (isOfBaseSystem(owner) || isListed(name))) continue;
    lines.add(`${name}: ${originOf(path)}${isListed(name) ? ', in place of what stack:install installs' : ''}`);
  }
  return [...lines].sort();
}

function isListed(name) {
  return systemPackages.some(({ programs = [] }) => programs.includes(name));
}
