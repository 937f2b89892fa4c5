// Draws the dashboards: installs what that needs, checks the types, and starts src/main.ts.
//   npm run pictures -- --help
// Grafana's packages (450, some 470 MB) are installed here and only by this script: no other command needs them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onPath } from '../../scripts/stack-system.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const root = join(folder, '../..');

if (process.argv.includes('--check')) {
  const { check } = await import('./drawnFrom.mjs');
  process.exitCode = await check();
} else if (installed()) {
  register('./typescript.mjs', import.meta.url);
  const { main } = await import('./src/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else process.exitCode = 1;

function installed() {
  const stamp = join(folder, 'node_modules/.benchlab-lock-hash');
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
    console.error("Installing Grafana's panel parts (npm ci in monitoring/pictures, some 470 MB) …");
    // No package here needs its install script.
    if (!runs('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder)) return false;
    writeFileSync(stamp, hash);
  }
  return (
    hasSystemPackages() && runs(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], root)
  );
}

/** Chromium, and the font of Grafana's pages: without it, titles and legends have other widths than in Grafana. */
function hasSystemPackages() {
  const packages = [
    ...(onPath('chromium') ? [] : ['chromium']),
    ...(existsSync('/usr/share/fonts/opentype/inter') ? [] : ['fonts-inter']),
  ];
  if (packages.length === 0) return true;
  const command = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...packages];
  if (process.getuid?.() === 0 && runs('apt-get', ['update', '-q'], root) && runs(command[0], command.slice(1), root))
    return true;
  console.error(
    `pictures: ${packages.join(' and ')} are missing. Install them: sudo apt-get install ${packages.join(' ')} (Debian).`,
  );
  return false;
}

function runs(command, args, cwd) {
  return spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}
