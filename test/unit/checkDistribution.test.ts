import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'benchlab-distribution-'));
  await cp(join(root, 'collector-config/distribution'), folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the committed module is the one that the manifest describes', async () => {
  expect(await check()).toMatchObject({ code: 0, text: expect.stringMatching(/\d\d components as in the manifest/) });
});

test.each([
  ['a newer version', 'manifest.yaml', 'filterprocessor v0.158.0', 'filterprocessor v0.159.0', 'not compiled in'],
  ['one component less', 'manifest.yaml', /.*filterprocessor v.*\n/, '', 'is compiled in and not in manifest.yaml'],
  ['another name', 'manifest.yaml', 'name: benchlab-otelcol', 'name: otelcol', 'dist.name'],
  ['a requirement less', 'go.mod', /.*\/filterprocessor v.*\n/, '', 'not required by go.mod'],
  ['another compiled version', 'components.go', 'filterprocessor v0.158.0', 'filterprocessor v0.157.0', 'v0.157.0'],
  ['a folder of one machine', 'go.mod', /$/, '\nreplace a/b => /home/user/b\n', 'folder of one machine'],
  ['nothing that is understood', 'manifest.yaml', /- gomod:/g, '- module:', 'No "- gomod'],
])('a module and a manifest that differ in %s are a fault', async (_title, file, from, to, finding) => {
  const path = join(folder, file);
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));

  const { code, text } = await check();

  expect(code).toBe(1);
  expect(text).toContain(finding);
});

function check(): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'scripts/check-distribution.mjs'), folder], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, text: stdout + stderr });
    });
  });
}
