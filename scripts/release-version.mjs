// Makes the next version out of the changesets: versions in all package.json files and the lock file, a section in
// CHANGELOG.md, and the changesets are gone. All packages share one version and one changelog.
//   node scripts/release-version.mjs            (npm run release:version)
//   node scripts/release-version.mjs --check    prints the section that it would write, and changes nothing
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changelogSection, readChangesets, withSection } from './changesets.mjs';
import { publishedWorkspaces, root } from './workspaces.mjs';

try {
  const published = publishedWorkspaces();
  const changesets = readChangesets(
    join(root, '.changeset'),
    published.map(({ manifest }) => manifest.name),
  );
  if (process.argv.includes('--check')) console.log(changelogSection('next', changesets));
  else release(changesets);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function release(changesets) {
  if (changesets.length === 0)
    throw new Error('There is no changeset, so there is nothing to release. Add one: npx changeset');
  run(join(root, 'node_modules/.bin/changeset'), ['version']);
  const { version } = publishedWorkspaces()[0].manifest;
  const changelog = join(root, 'CHANGELOG.md');
  writeFileSync(changelog, withSection(readFileSync(changelog, 'utf8'), changelogSection(version, changesets)));
  run('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  // npm leaves hashes out that it had before.
  run(process.execPath, [join(root, 'scripts/check-lock.mjs'), '--write']);
  console.log(`Version ${version}. Next: npm run test:apps, then commit, tag and publish.`);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `exit ${status}`}`);
}
