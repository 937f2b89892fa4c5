import { expect, test } from 'vitest';
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
