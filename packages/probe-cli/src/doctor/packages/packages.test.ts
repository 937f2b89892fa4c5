import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { project } from '../project.suite.ts';
import { apiLook } from './apiLook.ts';
import { installedFor } from './installed.ts';

const api = '@opentelemetry/api';
const manifest = (name: string, version: string, more: object = {}) => ({ name, version, ...more });
const app = (dependencies: object) => manifest('app', '1.0.0', { dependencies });

const look = async (folder: string) => apiLook(await installedFor(folder));

describe('the API of a project', () => {
  it('has no finding where all packages get one copy in their range', async () => {
    const folder = project({
      links: [api, '@opentelemetry/sdk-trace-node', '@opentelemetry/sdk-metrics'],
      files: {
        'package.json': app({
          [api]: '^1.9.0',
          '@opentelemetry/sdk-trace-node': '2',
          '@opentelemetry/sdk-metrics': '2',
        }),
      },
    });

    const installed = await installedFor(folder);

    expect(installed).toMatchObject({ isCut: false });
    expect('packages' in installed && installed.packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['app', api, '@opentelemetry/sdk-trace-base', '@opentelemetry/core']),
    );
    expect(apiLook(installed)).toEqual({ findings: [], notLookedAt: [] });
  });

  it('api-copies: names each copy with its version and with the packages that get it', async () => {
    const folder = project({
      files: {
        'package.json': app({ [api]: '1.9.1', lib: '1' }),
        [`node_modules/${api}/package.json`]: manifest(api, '1.9.1'),
        'node_modules/lib/package.json': manifest('lib', '1.2.3', { dependencies: { [api]: '^1.8.0' } }),
        [`node_modules/lib/node_modules/${api}/package.json`]: manifest(api, '1.8.0'),
      },
    });

    const { findings } = await look(folder);

    expect(findings).toEqual([
      {
        id: 'api-copies',
        evidence: [
          `${folder}/node_modules/${api} is version 1.9.1, for app 1.0.0.`,
          `${folder}/node_modules/lib/node_modules/${api} is version 1.8.0, for lib 1.2.3.`,
          expect.stringContaining('refuses a registration by another version'),
        ],
        fix: expect.stringContaining('npm dedupe'),
      },
    ]);
  });

  it('is followed through the links of pnpm, where each package stands next to what it needs', async () => {
    const store = 'node_modules/.pnpm';
    const folder = project({
      files: {
        'package.json': app({ [api]: '1.9.1', lib: '1' }),
        [`${store}/api@1.9.1/node_modules/${api}/package.json`]: manifest(api, '1.9.1'),
        [`${store}/api@1.10.0/node_modules/${api}/package.json`]: manifest(api, '1.10.0'),
        [`${store}/lib@1.0.0/node_modules/lib/package.json`]: manifest('lib', '1.0.0', {
          dependencies: { [api]: '^1.9.0' },
        }),
      },
    });
    const link = (from: string, to: string) => {
      mkdirSync(join(folder, to, '..'), { recursive: true });
      symlinkSync(join(folder, store, from), join(folder, to));
    };
    link(`api@1.9.1/node_modules/${api}`, `node_modules/${api}`);
    link(`api@1.10.0/node_modules/${api}`, `${store}/lib@1.0.0/node_modules/${api}`);
    link('lib@1.0.0/node_modules/lib', 'node_modules/lib');

    const { findings } = await look(folder);

    expect(findings.map(({ id }) => id)).toEqual(['api-copies']);
    expect(findings[0]?.evidence[1]).toBe(
      `${folder}/${store}/api@1.10.0/node_modules/${api} is version 1.10.0, for lib 1.0.0.`,
    );
  });

  it('api-minor: names the package of the SDK with its range, and the API that it gets', async () => {
    const sdk = '@opentelemetry/sdk-metrics';
    const folder = project({
      files: {
        'package.json': app({ [api]: '1', [sdk]: '2' }),
        [`node_modules/${api}/package.json`]: manifest(api, '1.10.0'),
        [`node_modules/${sdk}/package.json`]: manifest(sdk, '2.12.1', {
          peerDependencies: { [api]: '>=1.9.0 <1.10.0' },
        }),
      },
    });

    const { findings } = await look(folder);

    expect(findings).toEqual([
      {
        id: 'api-minor',
        evidence: [`${sdk} 2.12.1 needs ${api} >=1.9.0 <1.10.0, and gets 1.10.0 from ${folder}/node_modules/${api}.`],
        fix: `Install an API of that range: npm install "${api}@>=1.9.0 <1.10.0".`,
      },
    ]);
  });

  it('api-missing: names the package that finds none; a peer that is optional may be absent', async () => {
    const folder = project({
      files: {
        'package.json': app({ lib: '1', other: '1' }),
        'node_modules/lib/package.json': manifest('lib', '1.0.0', { peerDependencies: { [api]: '^1.9.0' } }),
        'node_modules/other/package.json': manifest('other', '1.0.0', {
          peerDependencies: { [api]: '^1.9.0' },
          peerDependenciesMeta: { [api]: { optional: true } },
        }),
      },
    });

    const { findings } = await look(folder);

    expect(findings).toEqual([
      {
        id: 'api-missing',
        evidence: [`lib 1.0.0 (${folder}/node_modules/lib) needs ${api} ^1.9.0, and finds none.`],
        fix: `Install it next to the SDK: npm install "${api}@^1.9.0".`,
      },
    ]);
  });

  it('of a development dependency does not count: it does not run in the program', async () => {
    const folder = project({
      files: {
        'package.json': { ...app({ [api]: '1' }), devDependencies: { tool: '1' } },
        [`node_modules/${api}/package.json`]: manifest(api, '1.10.0'),
        'node_modules/tool/package.json': manifest('tool', '1.0.0', { dependencies: { [api]: '~1.9.0' } }),
        [`node_modules/tool/node_modules/${api}/package.json`]: manifest(api, '1.9.1'),
      },
    });

    expect((await look(folder)).findings).toEqual([]);
  });
});

describe('a project that cannot be read', () => {
  const reasonOf = async (folder: string) => {
    const { findings, notLookedAt } = await look(folder);
    expect(findings).toEqual([]);
    expect(notLookedAt[0]?.ids).toEqual(['api-missing', 'api-copies', 'api-minor']);
    return notLookedAt[0]?.because;
  };

  it.each(['.pnp.cjs', '.pnp.js'])('with Yarn Plug and Play (%s) is named as not read', async (file) => {
    const folder = project({ files: { 'package.json': app({ [api]: '1' }), [file]: '' } });

    expect(await reasonOf(folder)).toBe(`Yarn Plug'n'Play (${folder}) keeps packages in archives, which are not read`);
  });

  it.each([
    ['{"name":', /package\.json is not JSON: /],
    [' '.repeat(5 * 1024 * 1024), /package\.json is larger than 4194304 bytes/],
  ])('because of its package.json is named with the file (%#)', async (text, message) => {
    const folder = project({ files: { 'package.json': text } });

    expect(await reasonOf(folder)).toMatch(message);
  });

  it('because a package of it is broken is named with the file of that package', async () => {
    const folder = project({ files: { 'package.json': app({ lib: '1' }), 'node_modules/lib/package.json': '{' } });

    expect(await reasonOf(folder)).toContain(`${folder}/node_modules/lib/package.json is not JSON`);
  });

  it.each([
    [{ dependencies: 7, peerDependencies: ['x'], name: 3 }],
    [[]],
    [{ dependencies: { '../..': '1', '/etc': '1', a: 1 } }],
  ])('because fields have wrong types does not exist: %j', async (content) => {
    const folder = project({ files: { 'package.json': content } });

    expect(await look(folder)).toEqual({ findings: [], notLookedAt: [] });
  });

  it('through a circle of links ends', async () => {
    const folder = project({
      files: {
        'package.json': app({ a: '1' }),
        'a/package.json': manifest('a', '1.0.0', { dependencies: { b: '1' } }),
      },
    });
    mkdirSync(join(folder, 'node_modules'));
    mkdirSync(join(folder, 'a/node_modules'));
    symlinkSync(join(folder, 'a'), join(folder, 'node_modules/a'));
    symlinkSync(folder, join(folder, 'a/node_modules/b'));

    const installed = await installedFor(folder);

    expect('packages' in installed && installed.packages.map(({ name }) => name)).toEqual(['app', 'a']);
  });

  it('because there is none is no fault: doctor looks at the rest', async () => {
    const folder = project({ files: { 'package.json': '{}' } });
    rmSync(join(folder, 'package.json'));
    renameSync(folder, `${folder}-empty`);

    expect(await installedFor(`${folder}-empty`)).toEqual({
      because: `there is no package.json in ${folder}-empty or above it`,
      isFault: false,
    });
  });
});
