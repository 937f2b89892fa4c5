import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lines = readFileSync(`${root}SECURITY.md`, 'utf8').split('\n');
const defended = lines.slice(0, lines.indexOf('## What is not defended'));
const rows = defended.filter((line) => line.startsWith('| ') && !/^\| (---|what holds) /.test(line));

it('SECURITY.md names a test for each sentence on what is defended, and the test is there', () => {
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const [, file = '', title = ''] = /\| `([^`]+)`: (.+) \|$/.exec(row) ?? [];
    expect(title, row).not.toBe('');
    expect(readFileSync(root + file, 'utf8'), file).toContain(title);
  }
});
