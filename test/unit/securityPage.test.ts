import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lines = readFileSync(`${root}SECURITY.md`, 'utf8').split('\n');
const defended = lines.slice(0, lines.indexOf('## What is not defended'));
const rows = defended.filter((line) => line.startsWith('| ') && !/^\| (---|what holds) /.test(line));

/** The code of a file, without lines that are comments. */
const codeOf = (file: string) => readFileSync(root + file, 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');

/** A call of `it`, `test`, or of what their `each` and `runIf` return, whose title begins with this text. */
const runs = (code: string, title: string) =>
  ["'", '"', '`'].some((quote) =>
    code
      .split(quote + title)
      .some((before, at, all) => at < all.length - 1 && /(?:\b(?:it|test)|\))\(\s*$/.test(before)),
  );

it('SECURITY.md names a test for each sentence on what is defended, and the test is there and runs', () => {
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const [, file = '', title = ''] = /\| `([^`]+)`: (.+) \|$/.exec(row) ?? [];
    expect(title, row).not.toBe('');
    const code = codeOf(file);
    expect(runs(code, title), `${file}: ${title}`).toBe(true);
    expect(code, file).not.toMatch(/\b(?:it|test|describe)\.(?:skip|todo)\b/);
  }
});

it.each([
  ["it('a title of it', () => {})", true],
  ["test.each([1])(\n  'a title', () => {})", true],
  ["it.skip('a title', () => {})", false],
  ["const a = 'a title'", false],
])('a title in %j: runs %s', (code, expected) => {
  expect(runs(code, 'a title')).toBe(expected);
});
