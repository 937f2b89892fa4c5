// The changesets of .changeset: what the next release brings, and the section of CHANGELOG.md that it becomes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const bumps = ['major', 'minor', 'patch'];

/** All changesets of a folder, by file name. Throws with every fault of every file. */
export function readChangesets(folder, packageNames) {
  const faults = [];
  const changesets = readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => {
      const changeset = parseChangeset(readFileSync(join(folder, name), 'utf8'));
      faults.push(...faultsOf(changeset, packageNames).map((fault) => `.changeset/${name}: ${fault}`));
      return changeset;
    });
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return changesets;
}

/** `releases`: the packages with their bumps; undefined where the file does not start as a changeset does. */
export function parseChangeset(text) {
  const [, head, summary] = /^---\r?\n([\s\S]*?)^---\r?\n([\s\S]*)$/m.exec(text) ?? [];
  const releases = head
    ?.split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => /^\s*(["']?)(.+?)\1\s*:\s*(\S+)\s*$/.exec(line) ?? [line])
    .map(([line, , name = line, bump = '']) => ({ name, bump }));
  return { releases, summary: summary?.trim() ?? '' };
}

/** The section of one version: changes that need attention first, each with its packages. */
export function changelogSection(version, changesets) {
  const weight = ({ releases }) => Math.min(...releases.map(({ bump }) => bumps.indexOf(bump)));
  const entries = [...changesets]
    .sort((left, right) => weight(left) - weight(right))
    .map(({ releases, summary }) => {
      const packages = releases.map(({ name }) => name.replace(/^@[^/]+\//, '')).join(', ');
      return `- **${packages}**: ${summary.replace(/\n(?=.)/g, '\n  ')}`;
    });
  return `## ${version}\n\n${entries.join('\n')}\n`;
}

/** The page with a section before those of earlier versions. */
export function withSection(changelog, section) {
  const at = changelog.search(/^## /m);
  return at === -1
    ? `${changelog.trimEnd()}\n\n${section}`
    : `${changelog.slice(0, at)}${section}\n${changelog.slice(at)}`;
}

function faultsOf({ releases, summary }, packageNames) {
  if (releases === undefined) return ['it does not start with the lines between --- that name packages.'];
  return [
    ...(releases.length === 0 ? ['it names no package.'] : []),
    ...(summary === '' ? ['it does not describe the change.'] : []),
    ...releases.filter(({ name }) => !packageNames.includes(name)).map(({ name }) => `there is no package "${name}".`),
    ...releases
      .filter(({ bump }) => !bumps.includes(bump))
      .map(({ name, bump }) => `${name} has "${bump}". Write one of: ${bumps.join(', ')}.`),
  ];
}
