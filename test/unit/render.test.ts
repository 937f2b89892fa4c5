import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('npm run render ends with one command, so that --check reaches each script', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

  expect(scripts.render).toBe('node scripts/prepare.mjs && node scripts/render.mjs');
});
