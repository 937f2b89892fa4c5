import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

const modeOf = (path: string) => statSync(path).mode & 0o777;

it('makes a new file for its owner alone, and keeps the permissions of an earlier one', async () => {
  const [fresh, earlier] = [join(folder, 'new.json'), join(folder, 'earlier.json')];
  writeFileSync(earlier, 'old');
  chmodSync(earlier, 0o644);
  for (const path of [fresh, earlier]) await (await prepareOutputFile(path, '--json')).write('{}');
  expect(modeOf(fresh)).toBe(0o600);
  expect(modeOf(earlier)).toBe(0o644);
});

it('removes only the file that it has seen, not one that has taken its name', async () => {
  const path = join(folder, 'result.json');
  writeFileSync(path, 'old');
  const file = await prepareOutputFile(path, '--json');
  rmSync(path);
  writeFileSync(path, 'of another program');
  await file.clear();
  expect(readFileSync(path, 'utf8')).toBe('of another program');
});

// Another user, for whom root makes the files.
const stranger = 54_321;
it.runIf(process.getuid?.() === 0).each([
  [
    'a link',
    (path: string) => {
      symlinkSync('target.json', path);
      lchownSync(path, stranger, stranger);
    },
  ],
  [
    'a link behind a link of our own',
    (path: string) => {
      symlinkSync('theirs', path);
      symlinkSync('target.json', join(folder, 'theirs'));
      lchownSync(join(folder, 'theirs'), stranger, stranger);
    },
  ],
  [
    'a file',
    (path: string) => {
      writeFileSync(path, '', { mode: 0o666 });
      chownSync(path, stranger, stranger);
    },
  ],
  [
    'a FIFO',
    (path: string) => {
      execFileSync('mkfifo', [path]);
      chownSync(path, stranger, stranger);
    },
  ],
])('refuses %s of another user, and leaves where it leads alone (needs root)', async (_, make) => {
  const [path, target] = [join(folder, 'result.json'), join(folder, 'target.json')];
  writeFileSync(target, 'precious');
  make(path);
  await expect(prepareOutputFile(path, '--json')).rejects.toThrow(/of another user \(uid 54321\)/);
  expect(readFileSync(target, 'utf8')).toBe('precious');
});
