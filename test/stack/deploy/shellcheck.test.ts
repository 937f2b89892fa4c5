import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { systemProgram } from '../../../scripts/stack-system.mjs';
import { inRepository, run } from './checks.ts';

test('shellcheck has no finding in any script of the repository', async () => {
  const cwd = inRepository('scripts');
  const scripts = (await readdir(cwd, { recursive: true })).filter((path) => path.endsWith('.sh'));

  expect(scripts.length).toBeGreaterThan(1);
  await expect(run(systemProgram('shellcheck'), scripts, { cwd })).resolves.toMatchObject({ stdout: '' });
});
