import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeUnsent } from './unsentFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-unsent-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('the number of spans that were not sent is appended as a line to a file that is there', () => {
  const path = join(folder, 'file');
  writeFileSync(path, '');
  writeUnsent(path, 3);
  writeUnsent(path, 40);
  expect(readFileSync(path, 'utf8')).toBe('3\n40\n');
});

it('a file that is full, absent, a folder or a link is left as it is, without an error', () => {
  const full = join(folder, 'full');
  writeFileSync(full, '1\n'.repeat(32_768));
  writeUnsent(full, 3);
  expect(readFileSync(full, 'utf8')).toHaveLength(65_536);

  const target = join(folder, 'target');
  writeFileSync(target, '');
  symlinkSync(target, join(folder, 'link'));
  for (const name of ['absent', '.', 'link']) writeUnsent(join(folder, name), 3);
  expect(readFileSync(target, 'utf8')).toBe('');
  expect(() => readFileSync(join(folder, 'absent'))).toThrow('ENOENT');
});
