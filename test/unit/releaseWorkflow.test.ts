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
const steps: readonly Step[] = workflow.jobs.release.steps;

test('every package is published with provenance', () => {
  for (const { manifest } of publishedWorkspaces()) {
    expect(manifest, manifest.name).toMatchObject({ publishConfig: { access: 'public', provenance: true } });
  }
  expect(workflow.jobs.release.permissions).toEqual({ contents: 'write', 'id-token': 'write' });
});

test('actions are pinned by commit, and no other job has a right', () => {
  const used = steps.flatMap(({ uses }) => uses ?? []);
  expect(used.length).toBeGreaterThan(0);
  for (const each of used) expect(each).toMatch(/@[0-9a-f]{40}$/);
  expect(workflow.permissions).toEqual({});
});

test('the commands of npm that it runs exist, and tests come before the publication', () => {
  const runs = steps.flatMap(({ run }) => run ?? []);
  const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  const called = runs.flatMap((run) => /^npm (?:run )?([\w:]+)/.exec(run)?.[1] ?? []);
  expect(called).toEqual(['check', 'test', 'test:apps', 'sbom', 'publish']);
  for (const name of ['check', 'test', 'test:apps']) expect(scripts).toHaveProperty([name]);
});

test('a tag of another version is refused', () => {
  const { version } = publishedWorkspaces()[0]?.manifest ?? {};
  const check = (tag: string) =>
    execFileSync(process.execPath, [`${root}/scripts/release-tag.mjs`, tag], { stdio: 'pipe' });
  expect(() => check(`v${version}`)).not.toThrow();
  expect(() => check('v99.0.0')).toThrow(/the tag is v99\.0\.0/);
});
