import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rows = readFileSync(`${root}docs/field-telemetry.md`, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (---|kind) /.test(line));

it('docs/field-telemetry.md names a test for each kind, and the test is there', () => {
  expect(rows.length).toBeGreaterThan(25);
  for (const row of rows) {
    const [, file = '', title = ''] = /^`([^`]+)`: (.+) \|$/.exec(row.split(' | ').at(-1) ?? '') ?? [];
    expect(title, row).not.toBe('');
    expect(readFileSync(root + file, 'utf8'), file).toContain(title);
  }
});
