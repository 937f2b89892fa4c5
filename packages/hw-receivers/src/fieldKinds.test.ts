import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fieldKinds } from './testing/fieldKinds.suite.ts';

test.each(fieldKinds)('there is a test of "$kind"', ({ test: [file, title] }) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  expect(text).toContain(title);
});
