import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, workspaces } from '../../scripts/workspaces.mjs';

test.each(['.', 'test/lanes/sdk3', 'monitoring/pictures'])('npm runs no script of a package here: %s', (folder) => {
  const cwd = join(root, folder);
  const said = execFileSync('npm', ['config', 'get', 'ignore-scripts'], { cwd, encoding: 'utf8' });
  expect(said.trim()).toBe('true');
});

test('no command of the repository relies on a hook of npm, which does not run then', () => {
  const manifests = [
    readFileSync(`${root}/package.json`, 'utf8'),
    ...workspaces().map(({ manifest }) => JSON.stringify(manifest)),
  ];
  const names = manifests.flatMap((text) => Object.keys(JSON.parse(text).scripts ?? {}));
  expect(
    names.filter((name) => /^(?:pre|post)(?!release)/.test(name) && names.includes(name.replace(/^pre|^post/, ''))),
  ).toEqual([]);
});
