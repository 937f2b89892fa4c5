import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { changedModules, checked, manifestOf, stableVersionOf, versionOf } from '../../scripts/collector-manifest.mjs';

const manifest = readFileSync(new URL('../../collector-config/distribution/manifest.yaml', import.meta.url), 'utf8');

describe('the manifest of the collector', () => {
  test('has one version', () => {
    expect(versionOf(manifest)).toMatch(/^0\.\d+\.\d+$/);
    expect(manifest).toContain(` v${stableVersionOf(versionOf(manifest))}\n`);
  });

  test('is the same with the version that it has', () => {
    expect(manifestOf(manifest, versionOf(manifest))).toBe(manifest);
  });

  test('has another version on every line of a module, and names the old one nowhere', () => {
    const upgraded = manifestOf(manifest, '0.165.0');

    expect(versionOf(upgraded)).toBe('0.165.0');
    expect(upgraded).toContain('envprovider v1.71.0');
    expect(upgraded).not.toContain(versionOf(manifest));
    expect(upgraded).not.toContain(stableVersionOf(versionOf(manifest)));
  });

  test('with two versions is refused', () => {
    expect(() => versionOf(manifest.replace(`v${versionOf(manifest)}\n`, 'v0.1.0\n'))).toThrow('names 2 versions');
  });
});

test.each([undefined, '', '0.158', 'latest', 'v0.158.0', '1.64.0', '0.94.0', '0.158.0; rm'])(
  '%j is not a version',
  (text) => {
    expect(() => checked(text)).toThrow('Write one as 0.158.0');
  },
);

test('modules that changed, came or went are listed', () => {
  const before = 'module a.b/c\nrequire (\n\tx.y/a v1.0.0\n\tx.y/b v1.0.0 // indirect\n\tx.y/c v2.0.0\n)\n';
  const after = 'module a.b/c\nrequire (\n\tx.y/a v1.1.0\n\tx.y/c v2.0.0\n\tx.y/d v0.1.0\n)\n';

  expect(changedModules(before, after)).toEqual([
    'x.y/a v1.0.0 -> v1.1.0',
    'x.y/b v1.0.0 -> (gone)',
    'x.y/d (new) -> v0.1.0',
  ]);
});
