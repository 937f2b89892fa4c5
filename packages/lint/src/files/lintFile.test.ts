import { expect, test } from 'vitest';
import { maxFileBytes, textOf } from './lintFile.ts';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding);

test('a byte order mark does not become part of the text', () => {
  expect(textOf('a.yaml', bytes('\uFEFFa: 1'), true)).toEqual({
    file: { path: 'a.yaml', text: 'a: 1', isNamed: true, hasByteOrderMark: true },
  });
});

test.each([
  ['file-empty', bytes('')],
  ['file-empty', bytes(' \n\t\n')],
  ['file-empty', bytes('\uFEFF')],
  ['file-binary', bytes('\x7fELF\0\0')],
  ['file-binary', bytes('a: 1', 'utf16le')],
  ['file-not-utf8', bytes('a: \xe4', 'latin1')],
  ['file-not-utf8', bytes('a: ä').subarray(0, 4)],
  ['file-too-large', Buffer.alloc(maxFileBytes + 1, 'a')],
])('a file without text is the finding %s, which names it', (rule, content) => {
  expect(textOf('x/a.yaml', content, true)).toMatchObject({ finding: { rule, file: 'x/a.yaml', line: 1 } });
});
