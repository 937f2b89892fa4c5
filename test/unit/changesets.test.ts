import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changelogSection, parseChangeset, readChangesets, withSection } from '../../scripts/changesets.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-changesets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const names = ['@benchlab-otel/sdk', '@benchlab-otel/node'];

test('a changeset has its packages with their bumps, and the change in words', () => {
  const text = `---\n"@benchlab-otel/sdk": minor\n'@benchlab-otel/node': patch\n---\n\nA thing.\n\n---\nMore.\n`;

  expect(parseChangeset(text)).toEqual({
    releases: [
      { name: '@benchlab-otel/sdk', bump: 'minor' },
      { name: '@benchlab-otel/node', bump: 'patch' },
    ],
    summary: 'A thing.\n\n---\nMore.',
  });
});

test('all faults of all changesets come at once, with their files', () => {
  write('b.md', 'No head.\n');
  write('a.md', '---\n"@benchlab-otel/gone": minor\n"@benchlab-otel/sdk": huge\n---\n');
  write('c.md', '---\n---\n\nText.\n');
  write('README.md', 'Not a changeset.\n');
  write('config.json', '{}');

  expect(() => readChangesets(folder, names)).toThrow(
    [
      '.changeset/a.md: it does not describe the change.',
      '.changeset/a.md: there is no package "@benchlab-otel/gone".',
      '.changeset/a.md: @benchlab-otel/sdk has "huge". Write one of: major, minor, patch.',
      '.changeset/b.md: it does not start with the lines between --- that name packages.',
      '.changeset/c.md: it names no package.',
    ].join('\n'),
  );
});

test('a release is a section before the earlier ones, larger changes first', () => {
  write('a.md', '---\n"@benchlab-otel/sdk": patch\n---\n\nA fix.\n');
  write('b.md', '---\n"@benchlab-otel/sdk": minor\n"@benchlab-otel/node": minor\n---\n\nAn addition\nin two lines.\n');
  const section = changelogSection('0.2.0', readChangesets(folder, names));

  expect(section).toBe('## 0.2.0\n\n- **sdk, node**: An addition\n  in two lines.\n- **sdk**: A fix.\n');
  expect(withSection('# Changelog\n\nText.\n\n## 0.1.0\n\nFirst.\n', section)).toBe(
    `# Changelog\n\nText.\n\n${section}\n## 0.1.0\n\nFirst.\n`,
  );
  expect(withSection('# Changelog\n', section)).toBe(`# Changelog\n\n${section}`);
});
