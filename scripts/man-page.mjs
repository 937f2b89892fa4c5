// Writes packages/probe-cli/man/benchlab-probe.1 from the commands of benchlab-probe. With --check it fails when the page is stale.
//   node scripts/man-page.mjs [--check]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './workspaces.mjs';

const compiled = (path) => pathToFileURL(join(root, 'packages/probe-cli/dist', path)).href;
const { writtenManPage } = await import(compiled('help/writtenManPage.js'));

const page = join(root, 'packages/probe-cli/man/benchlab-probe.1');
const text = await writtenManPage();
if (existsSync(page) && readFileSync(page, 'utf8') === text) {
  console.log('packages/probe-cli/man/benchlab-probe.1 is up to date.');
} else if (process.argv.includes('--check')) {
  console.error('packages/probe-cli/man/benchlab-probe.1 is stale. Run: npm run render');
  process.exitCode = 1;
} else {
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, text);
  console.log('Wrote packages/probe-cli/man/benchlab-probe.1');
}
