import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { publishedWorkspaces, root } from '../../scripts/workspaces.mjs';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
const workflow = parse(readFileSync(`${root}/.github/workflows/release.yml`, 'utf8'));
const { test: tests, release } = workflow.jobs;
const steps: readonly Step[] = [...tests.steps, ...release.steps];
const commandsOf = (job: { readonly steps: readonly Step[] }) => job.steps.flatMap(({ run }) => run ?? []);

test('every package is published with provenance', () => {
  for (const { manifest } of publishedWorkspaces()) {
    expect(manifest, manifest.name).toMatchObject({ publishConfig: { access: 'public', provenance: true } });
  }
  expect(release.permissions).toEqual({ contents: 'write', 'id-token': 'write' });
  // npm publish --workspaces would pack by itself, without the check of what is packed.
  expect(commandsOf(release)).toContain('node scripts/publish.mjs');
  expect(commandsOf(release).join(' ')).not.toContain('npm publish');
});

test('actions are pinned by commit, and no other job has a right', () => {
  const used = steps.flatMap(({ uses }) => uses ?? []);
  expect(used.length).toBeGreaterThan(0);
  for (const each of used) expect(each).toMatch(/@[0-9a-f]{40}$/);
  expect(workflow.permissions).toEqual({});
});

test('tests run before, in a job that may only read', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  const called = commandsOf(tests).flatMap((run) => /^npm (?:run )?([\w:]+)/.exec(run)?.[1] ?? []);
  expect(called).toEqual(['check', 'test', 'test:apps']);
  for (const name of called) expect(scripts).toHaveProperty([name]);
  expect(tests.permissions).toEqual({ contents: 'read' });
  expect(tests).not.toHaveProperty('environment');
  expect(release.needs).toBe('test');
  expect(Object.keys(workflow.jobs)).toEqual(['test', 'release']);
});

test('a tag of another version is refused', () => {
  const { version } = publishedWorkspaces()[0]?.manifest ?? {};
  const check = (tag: string) =>
    execFileSync(process.execPath, [`${root}/scripts/release-tag.mjs`, tag], { stdio: 'pipe' });
  expect(() => check(`v${version}`)).not.toThrow();
  expect(() => check('v99.0.0')).toThrow(/the tag is v99\.0\.0/);
});
