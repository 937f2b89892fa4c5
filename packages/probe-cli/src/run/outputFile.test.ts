import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { prepareOutputFile } from './outputFile.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps an older report until the new one is there, or takes it away', async () => {
  const path = join(folder, 'result.json');
  writeFileSync(path, 'old');

  const file = await prepareOutputFile(path, '--json');
  expect(readFileSync(path, 'utf8')).toBe('old');
  await file.clear();
  expect(readdirSync(folder)).toEqual([]);
  await file.write('new');

  expect(readdirSync(folder)).toEqual(['result.json']);
  expect(readFileSync(path, 'utf8')).toBe('new');
});

it('writes where a symbolic link leads, and keeps the link', async () => {
  const path = join(folder, 'link.json');
  writeFileSync(join(folder, 'result.json'), 'old');
  symlinkSync('result.json', path);

  await (await prepareOutputFile(path, '--json')).write('new');

  expect(readFileSync(join(folder, 'result.json'), 'utf8')).toBe('new');
  expect(readFileSync(path, 'utf8')).toBe('new');
});

it.each([
  ['a pipe without a reader', 'not a regular file', (path: string) => execFileSync('mkfifo', [path])],
  ['a folder', 'a folder', (path: string) => mkdirSync(path)],
])('refuses %s at once', async (_, what, make) => {
  const path = join(folder, 'result.json');
  make(path);

  await expect(prepareOutputFile(path, '--json')).rejects.toMatchObject({
    code: 'BAD_OPTION',
    message: expect.stringMatching(new RegExp(`--json ${path} cannot be written: it is ${what}.*Name a regular file`)),
  });
});

it('refuses a device, which cannot be replaced', async () => {
  await expect(prepareOutputFile('/dev/full', '--json')).rejects.toMatchObject({ code: 'BAD_OPTION' });
});

it('names the file and the remedy when it cannot be written in the end', async () => {
  const path = join(folder, 'result.json');
  const file = await prepareOutputFile(path, '--json');
  rmSync(folder, { recursive: true });

  await expect(file.write('new')).rejects.toThrow(new RegExp(`--json ${path} was not written: ENOENT.*Make room`));
});
