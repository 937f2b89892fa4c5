import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isAccepted, licencesOf } from '../../scripts/licence-list.mjs';
import { publishedWorkspaces, root } from '../../scripts/workspaces.mjs';

test('every package has an accepted licence', () => {
  const lock = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'));
  const all = licencesOf(
    lock,
    publishedWorkspaces().map(({ folder }) => folder),
  );
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter(({ license }) => !isAccepted(license))).toEqual([]);
});

test('the packages that a workspace needs are found as Node finds them, also below another package, each once', () => {
  const packages = {
    'packages/a': { dependencies: { b: '1', '@benchlab-otel/c': '1' }, peerDependencies: { absent: '1' } },
    'node_modules/@benchlab-otel/c': { link: true, resolved: 'packages/c' },
    'node_modules/b': { version: '1.0.0', license: 'MIT', dependencies: { d: '2', b: '1' } },
    'node_modules/d': { version: '1.0.0', license: 'GPL-3.0' },
    'node_modules/b/node_modules/d': { version: '2.0.0' },
  };
  expect(licencesOf({ packages }, ['packages/a'])).toEqual([
    { name: 'b', version: '1.0.0', license: 'MIT' },
    { name: 'd', version: '2.0.0', license: 'not stated' },
  ]);
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['MIT AND GPL-3.0-only', false],
  ['(MIT OR GPL-3.0-only) AND GPL-2.0-only', false],
  ['(ISC OR MIT OR GPL-3.0-only) AND GPL-2.0-only', false],
  ['GPL-3.0-only', false],
  ['not stated', false],
])('%s: accepted is %s', (license, expected) => {
  expect(isAccepted(license)).toBe(expected);
});
