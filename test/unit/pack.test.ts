import { expect, test } from 'vitest';
import { addressOf, withBundle } from '../../scripts/bundle.mjs';
import { unwantedOf } from '../../scripts/pack.mjs';

test('packing refuses build info, tests, and helpers of tests', () => {
  const wanted = ['package/package.json', 'package/dist/index.js', 'package/dist/index.d.ts', 'package/README.md'];
  const unwanted = [
    'package/dist/.tsbuildinfo',
    'package/dist/a.test.js',
    'package/dist/a.suite.js',
    'package/cases/a.json',
    'package/node_modules/b/index.js',
  ];
  expect(unwantedOf([...wanted, ...unwanted])).toEqual(unwanted);
});

test('a package with a bundle gives it to Node alone, and to both kinds of loading there', () => {
  const conditions = {
    '@benchlab-otel/source': './src/index.ts',
    require: {
      types: './cjs/dist/index.d.ts',
      'module-sync': './dist/index.js',
      module: './dist/index.js',
      default: './cjs/dist/index.js',
    },
    types: './dist/index.d.ts',
    default: './dist/index.js',
  };
  const manifest = {
    exports: { '.': conditions, './register': { default: './register.mjs' } },
    imports: { '#start': './dist/start/start.js' },
  };
  const { exports, imports } = withBundle(manifest);
  const pick = (entry: object, known: string[]): unknown => {
    for (const [condition, target] of Object.entries(entry)) {
      if (known.includes(condition)) return typeof target === 'string' ? target : pick(target, known);
    }
    return undefined;
  };
  expect(
    [
      ['node', 'import', 'module-sync', 'default'],
      ['node', 'require', 'module-sync', 'default'],
      ['node', 'module', 'require', 'default'],
      ['node', 'require', 'default'],
      ['browser', 'module', 'import', 'default'],
      ['browser', 'module', 'require', 'default'],
      ['types', 'node', 'import', 'default'],
      ['types', 'node', 'require', 'default'],
    ].map((known) => pick(exports['.'], known)),
  ).toEqual([
    './dist/bundle/index.js',
    './dist/bundle/index.js',
    './dist/bundle/index.js',
    './cjs/dist/index.js',
    './dist/index.js',
    './dist/index.js',
    './dist/index.d.ts',
    './cjs/dist/index.d.ts',
  ]);
  expect(exports['./register']).toEqual({ default: './register.mjs' });
  expect(imports).toEqual({ '#start': './dist/bundle/start/start.js' });
});

test('a module in a bundle keeps its address, from each depth of the bundle', () => {
  const address = addressOf('/package');
  const moduleId = '/package/dist/doctor/program.js';
  const inBundle = (chunkId: string, bundle: string) => {
    const code = address('url', { chunkId, moduleId });
    return new Function('url', `return ${code?.replaceAll('import.meta.url', 'url')}`)(bundle);
  };
  expect(inBundle('runDoctor-a.js', 'file:///there/dist/bundle/runDoctor-a.js')).toBe(
    'file:///there/dist/doctor/program.js',
  );
  expect(inBundle('start/start.js', 'file:///there/dist/bundle/start/start.js')).toBe(
    'file:///there/dist/doctor/program.js',
  );
  expect(address('dirname', { chunkId: 'a.js', moduleId })).toBeNull();
});

test('a bundle that becomes CommonJS has no address, and still loads', () => {
  const code = addressOf('/package')('url', { chunkId: 'a.js', moduleId: '/package/here.js' });
  expect(new Function('url', `return ${code?.replaceAll('import.meta.url', 'url')}`)(undefined)).toBeUndefined();
});
