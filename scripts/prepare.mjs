// Brings a checkout to where its commands can run: installs what package-lock.json names when it is not installed,
// and compiles what is out of date, with the page of the dashboard. Says what it does; silent when there is nothing to do.
//   node scripts/prepare.mjs [--install-only]
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { shownStep } from './shown-step.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.benchlab-lock-hash`;
const lockHash = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lockHash) {
  await run('Installing dependencies (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lockHash);
}
if (!process.argv.includes('--install-only')) {
  // With everything up to date this takes a third of a second; only the first time is worth a line.
  const first = !existsSync(`${root}packages/probe-cli/dist/main.js`);
  await run(first ? 'Compiling (tsc -b)' : undefined, process.execPath, [
    `${root}node_modules/typescript/bin/tsc`,
    '-b',
  ]);
  await run(first ? 'Building the page (vite)' : undefined, process.execPath, [`${root}scripts/build-page.mjs`]);
}

async function run(title, command, args) {
  const fault = await shownStep({ title, command, args, cwd: root });
  if (fault === undefined) return;
  console.error(`${command} ${args.join(' ')} failed${fault}.`);
  process.exit(1);
}
