// Brings a checkout to where its commands can run: installs what package-lock.json names when it is not installed,
// and compiles what is out of date. Says what it does; silent when there is nothing to do.
//   node scripts/prepare.mjs [--install-only]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.benchlab-lock-hash`;
const lockHash = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lockHash) {
  run('Installing dependencies (npm ci) …', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lockHash);
}
if (!process.argv.includes('--install-only')) {
  // With everything up to date this takes a third of a second; only the first time is worth a line.
  const first = !existsSync(`${root}packages/probe-cli/dist/main.js`);
  run(first ? 'Compiling (tsc -b) …' : undefined, process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b']);
}

function run(title, command, args) {
  const started = Date.now();
  if (title) console.error(title);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ` with exit code ${status}`}.`);
    process.exit(1);
  }
  if (title) console.error(`… done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
