import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scope } from './scope.ts';

test('the scope has the name and version of the package', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(scope).toEqual({ name, version });
});
