import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { systemProgram } from '../../../scripts/stack-system.mjs';
import { inRepository, run } from './checks.ts';

test.each(['scripts', 'monitoring/grafana'])('shellcheck has no finding in any script of %s', async (folder) => {
  const cwd = inRepository(folder);
  const scripts = (await readdir(cwd, { recursive: true })).filter((path) => path.endsWith('.sh'));

  expect(scripts.length).toBeGreaterThan(0);
  await expect(run(systemProgram('shellcheck'), scripts, { cwd })).resolves.toMatchObject({ stdout: '' });
});
