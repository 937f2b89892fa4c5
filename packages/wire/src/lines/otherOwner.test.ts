import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readLines } from './readLines.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-owner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stranger = 54_321;

// Root makes the files of another user.
it.runIf(process.getuid?.() === 0).each([
  ['file', (path: string) => writeFileSync(path, '')],
  ['FIFO', (path: string) => execFileSync('mkfifo', [path])],
])('a %s that another user has put in the place of an input ends it, with a message (needs root)', async (_, make) => {
  const path = join(folder, 'lines');
  make(path);
  const lines: string[] = [];
  let message = '';
  const source = readLines(path);
  await source.start({
    line: (line) => void lines.push(line),
    ended: ({ error }) => {
      message = error?.message ?? '';
    },
  });
  const theirs = join(folder, 'theirs');
  make(theirs);
  chownSync(theirs, stranger, stranger);
  renameSync(theirs, path);

  await vi.waitUntil(() => message !== '', { timeout: 20_000 });
  expect(message).toContain(`${path} was replaced by a file of another user (uid ${stranger}, before 0).`);
  await source.stop();
  expect(lines).toEqual([]);
});

it('a file that the same user has put there is read on', async () => {
  const path = join(folder, 'lines');
  writeFileSync(path, 'one\n');
  const lines: string[] = [];
  const source = readLines(path);
  await source.start({ line: (line) => void lines.push(line) });
  await vi.waitUntil(() => lines.length === 1);
  renameSync(path, join(folder, 'old'));
  appendFileSync(path, 'two\n');
  await vi.waitUntil(() => lines.length === 2, { timeout: 20_000 });
  await source.stop();
  expect(lines).toEqual(['one', 'two']);
});
