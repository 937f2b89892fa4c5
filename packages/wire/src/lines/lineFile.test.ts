import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LineFile } from './lineFile.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-linefile-'));
  path = join(folder, 'out.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('the first line replaces what the file held, and without a line the file stays as it was', () => {
  writeFileSync(path, 'older and longer\n'.repeat(10));
  const unused = new LineFile(path, '--out');
  unused.write([]);
  unused.close();
  expect(readFileSync(path, 'utf8')).toBe('older and longer\n'.repeat(10));

  const file = new LineFile(path, '--out');
  file.write(['one', 'two']);
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  file.write(['three']);
  file.close();
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\n');
});

it('a new file without a line is removed', () => {
  const file = new LineFile(path, '--out');
  expect(existsSync(path)).toBe(true);
  file.close();
  expect(existsSync(path)).toBe(false);
});

it('a second close does nothing, also when the path has another file by then, and a later line is refused', () => {
  const file = new LineFile(path, '--out');
  file.close();
  writeFileSync(path, 'of another program\n');
  file.close();
  const late = { code: 'UNSUPPORTED', message: `--out ${path} is closed. Open it again.` };
  expect(() => file.write(['one'])).toThrow(expect.objectContaining(late));
  expect(() => file.write([])).not.toThrow();
  expect(readFileSync(path, 'utf8')).toBe('of another program\n');
});

it('a line that would be read as two is refused, and no line of its write is in the file', () => {
  const file = new LineFile(path, '--out');
  file.write(['one']);
  const wrong = expect.objectContaining({ code: 'BAD_OPTION', option: 'line' });
  for (const line of ['a\nb', 'a\n', '\n']) expect(() => file.write(['two', line])).toThrow(wrong);
  file.write(['three']);
  file.close();
  expect(readFileSync(path, 'utf8')).toBe('one\nthree\n');
});

it('a file that is also the input is recognised, also through a link', () => {
  writeFileSync(path, 'one\n');
  const link = join(folder, 'link');
  symlinkSync(path, link);
  const file = new LineFile(link, '--out');
  expect(file.isSameAs(statSync(path))).toBe(true);
  expect(file.isSameAs(statSync(folder))).toBe(false);
  expect(file.isSameAs(undefined)).toBe(false);
  const stats = statSync(path);
  file.close();
  expect(file.isSameAs(stats)).toBe(false);
  file.close();
});

it.each<[string, string, () => string]>([
  ['a folder', 'it is a folder', () => folder],
  ['a device', 'it is not a regular file', () => '/dev/null'],
  [
    'a FIFO',
    'it is not a regular file',
    () => {
      execFileSync('mkfifo', [path]);
      return path;
    },
  ],
  ['a path in a folder that does not exist', 'ENOENT', () => join(folder, 'no', 'out.jsonl')],
  ['a path with a NUL character', 'null bytes', () => `${path}\0`],
])('%s is refused, with the option that named it', (_, reason, make) => {
  expect(() => new LineFile(make(), '--out')).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  rmSync(path, { force: true });
  expect(() => new LineFile(make(), '--out')).toThrow(new RegExp(`^--out .*${reason}`, 's'));
});

it('a file that takes no more throws, and ends with a whole line', () => {
  const script = `
    import { LineFile } from ${JSON.stringify(new URL('../../dist/lines/lineFile.js', import.meta.url).href)};
    const file = new LineFile(${JSON.stringify(path)}, '--out');
    try {
      for (let k = 0; k < 1000; k++) file.write(['x'.repeat(99)]);
    } catch (error) {
      process.stdout.write(error.message);
    }
    file.close();
  `;
  // A limit of 8 or 4 KiB, as the shell counts; node ignores the signal and gets EFBIG.
  const limited = `trap '' XFSZ; ulimit -f 8; exec "$@"`;
  const args = ['-c', limited, 'sh', process.execPath, '--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' });

  expect(stdout + stderr).toMatch(/^--out .* takes no more: EFBIG.* Make room, and record again\.$/);
  const text = readFileSync(path, 'utf8');
  expect(text.length).toBeGreaterThan(1000);
  expect(text.length % 100).toBe(0);
  expect(text.endsWith('x\n')).toBe(true);
});
