// Writes docs/licences.md: every package that an installation of the published packages can bring, with its licence, from the
// lock file. Fails on a licence that is not in the list below; --check fails where the page is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptedLicences, isAccepted, licencesOf } from './licence-list.mjs';
import { publishedWorkspaces, root } from './workspaces.mjs';

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const rows = licencesOf(
  lock,
  publishedWorkspaces().map(({ folder }) => folder),
);
const refused = rows.filter(({ license }) => !isAccepted(license));
for (const { name, license } of refused) console.error(`${name} has the licence ${license}, which is not accepted.`);

const page = join(root, 'docs/licences.md');
const text = `<!-- Written by scripts/licences.mjs from package-lock.json. -->

# Licences

The packages of this project are under [Apache-2.0](../LICENSE). An installation of all of them brings these, peers and optional
packages included. \`npm run check\` fails on a licence other than ${acceptedLicences.join(', ')}.

\`npm sbom --sbom-format=cyclonedx\` in a project prints the same as a software bill of materials; a release has one attached.

| package | version | licence |
| --- | --- | --- |
${rows.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`).join('\n')}
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
