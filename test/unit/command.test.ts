import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../scripts/command.mjs';
import { publishedWorkspaces, workspaces } from '../../scripts/workspaces.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-command-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a command gives its exit code and what it prints on both streams', async () => {
  const { code, output, seconds } = await run('sh', ['-c', 'echo out; echo err >&2; exit 3']);

  expect(code).toBe(3);
  expect(output.split('\n').sort()).toEqual(['', 'err', 'out']);
  expect(seconds).toBeGreaterThan(0);
});

test('a command that is not there, that a signal ends or that takes too long has failed with a reason', async () => {
  expect(await run(join(folder, 'absent'), [])).toMatchObject({
    code: 1,
    output: expect.stringContaining('cannot be started: spawn'),
  });
  expect(await run('sh', ['-c', 'kill -TERM $$'])).toMatchObject({
    code: 1,
    output: expect.stringContaining('sh was ended by SIGTERM.'),
  });
  // The child of the command holds the output open: only the end of the whole group ends this.
  expect(await run('sh', ['-c', 'sleep 1000 & wait'], { limitMs: 200 })).toMatchObject({
    code: 1,
    output: expect.stringContaining('was stopped after 0.2 s.'),
  });
});

test('of a long output the end is kept', async () => {
  const { output } = await run('sh', ['-c', 'head -c 300000 /dev/zero | tr "\\0" a; echo end']);

  expect(output).toHaveLength(200_000);
  expect(output.endsWith('aend\n')).toBe(true);
});

test('the workspaces are those of package.json, and private ones are not published', () => {
  const write = (path: string, manifest: object) => {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, 'package.json'), JSON.stringify(manifest));
  };
  write('.', { workspaces: ['packages/*', 'bench', 'absent/*'] });
  write('packages/b', { name: '@x/b' });
  write('packages/a', { name: '@x/a' });
  write('bench', { name: '@x/bench', private: true });
  mkdirSync(join(folder, 'packages/left-over'));

  expect(workspaces(folder).map(({ folder: path }) => path)).toEqual(['bench', 'packages/a', 'packages/b']);
  expect(publishedWorkspaces(folder).map(({ manifest }) => manifest.name)).toEqual(['@x/a', '@x/b']);
});
