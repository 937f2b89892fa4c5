// One program out of a Debian package, without installing the package: no service starts, and no one needs to be root.
// apt checks the package against the signed list of the archive.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onPath } from './stack-system.mjs';

/**
 * Copies `file` of the package to `to`. Gives the version of the package, or the reason why there is none.
 * `accepts`: a version of the archive that will do.
 */
export function takeFromDebian({ package: name, file, accepts }, to, folder) {
  for (const program of ['apt-get', 'apt-cache', 'dpkg-deb']) {
    if (!onPath(program)) return { reason: `there is no ${program} here` };
  }
  let version = offered(name, accepts);
  if (version === undefined && process.getuid?.() === 0) {
    spawnSync('apt-get', ['update', '-q'], { stdio: 'ignore' });
    version = offered(name, accepts);
  }
  if (version === undefined) return { reason: `the archive offers no fitting version of ${name}` };
  const aside = join(folder, 'package');
  mkdirSync(aside, { recursive: true });
  try {
    const download = spawnSync('apt-get', ['download', '-q', `${name}=${version}`], { cwd: aside, encoding: 'utf8' });
    const archive = readdirSync(aside).find((each) => each.endsWith('.deb'));
    if (download.status !== 0 || !archive) return { reason: `${name} ${version} could not be downloaded` };
    const unpack = spawnSync('dpkg-deb', ['--extract', join(aside, archive), join(aside, 'files')]);
    if (unpack.status !== 0) return { reason: `${name} ${version} could not be unpacked` };
    copyFileSync(join(aside, 'files', file), to);
    return { version };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** The newest version of the package in the archive that is accepted. */
function offered(name, accepts) {
  const { stdout = '' } = spawnSync('apt-cache', ['madison', name], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .map((line) => line.split('|')[1]?.trim())
    .find((version) => version !== undefined && accepts.test(version));
}
