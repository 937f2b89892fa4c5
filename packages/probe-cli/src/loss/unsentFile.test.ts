import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeUnsentFile, parseUnsent } from './unsentFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-unsent-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the file for the numbers of spans that were not sent', () => {
  it('is for its user alone, adds up what several processes append, and is removed with its folder', () => {
    const file = makeUnsentFile(folder);
    const path = file.path ?? '';

    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(file.read()).toEqual({ spans: 0, notes: [] });
    appendFileSync(path, '3\n');
    appendFileSync(path, '40\n');
    expect(file.read()).toEqual({ spans: 43, notes: [] });

    file.remove();
    file.remove();
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('is read itself, not what a program puts in its place', () => {
    const other = join(folder, 'other');
    writeFileSync(other, '1000\n');
    const file = makeUnsentFile(folder);
    const path = file.path ?? '';
    appendFileSync(path, '2\n');
    unlinkSync(path);
    symlinkSync(other, path);

    expect(file.read()).toEqual({ spans: 2, notes: [] });
    file.remove();
    expect(existsSync(other)).toBe(true);
  });

  it('that cannot be made is a note', () => {
    const file = makeUnsentFile(join(folder, 'absent'));

    expect(file.path).toBeUndefined();
    expect(file.read()).toEqual({ spans: 0, notes: [expect.stringMatching(/no file can be made.*ENOENT.*TMPDIR$/)] });
    file.remove();
  });

  it('is read up to its bound', () => {
    const file = makeUnsentFile(folder);
    appendFileSync(file.path ?? '', '1\n'.repeat(100_000));
    const { spans, notes } = file.read();

    // 65,536 bytes and one line of 13.
    expect(spans).toBe(32_775);
    expect(notes).toEqual([expect.stringMatching(/^the end of the file .* was not read: it has 65536 bytes or more$/)]);
    file.remove();
  });
});

describe('lines of that file', () => {
  it.each(['-1', '1.5', '1e3', '0x10', ' 1', '1 2', '', 'many', '1'.repeat(13), '\0'])('are no number: %j', (line) => {
    expect(parseUnsent(`5\n${line}\n7\n`)).toEqual({
      spans: 12,
      notes: [expect.stringMatching(/^1 of 3 lines of the file .* are no numbers and were left out$/)],
    });
  });

  it('may lack the last line feed', () => {
    expect(parseUnsent('5\n7')).toEqual({ spans: 12, notes: [] });
  });
});
