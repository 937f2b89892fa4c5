// Writes docs/licences.md: every package that an installation of the published packages can bring, with its licence, from the
// lock file. Fails on a licence that is not in the list below; --check fails where the page is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedWorkspaces, root } from './workspaces.mjs';

/** They let a program under Apache-2.0 depend on the package without a condition on the program itself. */
const accepted = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT']);

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const published = publishedWorkspaces();
const names = new Set(published.map(({ manifest }) => manifest.name));

const found = new Map();
for (const { folder } of published) visit(folder, packages[folder] ?? {});

const rows = [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
const refused = rows.filter(([, { license }]) => !isAccepted(license));
for (const [name, { license }] of refused) console.error(`${name} has the licence ${license}, which is not accepted.`);

const page = join(root, 'docs/licences.md');
const text = `<!-- Written by scripts/licences.mjs from package-lock.json. -->

# Licences

The packages of this project are under [Apache-2.0](../LICENSE). An installation of all of them brings these, peers and optional
packages included. \`npm run check\` fails on a licence other than ${[...accepted].sort().join(', ')}.

\`npm sbom --sbom-format=cyclonedx\` in a project prints the same as a software bill of materials; a release has one attached.

| package | version | licence |
| --- | --- | --- |
${rows.map(([name, { version, license }]) => `| ${name.slice(0, name.lastIndexOf('@'))} | ${version} | ${license} |`).join('\n')}
`;
if (existsSync(page) && readFileSync(page, 'utf8') === text)
  console.log(`docs/licences.md is up to date: ${rows.length} packages.`);
else if (process.argv.includes('--check')) {
  console.error('docs/licences.md is stale. Run: npm run render');
  process.exitCode = 1;
} else {
  writeFileSync(page, text);
  console.log('Wrote docs/licences.md');
}
if (refused.length > 0) process.exitCode = 1;

/** Follows what a package needs, from where it is installed: the nearest node_modules upwards has it, as Node resolves it. */
function visit(path, { dependencies, optionalDependencies, peerDependencies }) {
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    const at = placeOf(name, path);
    // An optional peer that is not installed.
    if (at === undefined) continue;
    const entry = packages[at].link ? packages[packages[at].resolved] : packages[at];
    if (names.has(name) || found.has(`${name}@${entry.version}`)) continue;
    found.set(`${name}@${entry.version}`, { version: entry.version, license: entry.license ?? 'not stated' });
    visit(at, entry);
  }
}

function placeOf(name, from) {
  for (let folder = from; ; folder = folder.replace(/(^|\/)[^/]*$/, '')) {
    const at = `${folder}${folder && '/'}node_modules/${name}`;
    if (at in packages) return at;
    if (folder === '') return undefined;
  }
}

/** `(MIT OR Apache-2.0)`: one of them is enough. */
function isAccepted(license) {
  return license
    .replace(/^\(|\)$/g, '')
    .split(/ OR /i)
    .some((each) => accepted.has(each));
}
