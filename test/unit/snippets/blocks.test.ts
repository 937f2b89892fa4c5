import { expect, test } from 'vitest';
import { blocksOf } from '../../../scripts/release/blocks.mjs';

test('a block has its line, its language, its notes and its code without the indentation of a list', () => {
  const text =
    'Text\n\n```ts ends=SIGTERM\na();\n```\n\n1. A step:\n\n   ~~~sh skip=long\n   one\n\n     two\n   ~~~\n\n```\nplain\n```\n';

  expect(blocksOf('page.md', text)).toEqual([
    { page: 'page.md', line: 3, language: 'ts', notes: { ends: 'SIGTERM' }, code: 'a();\n' },
    { page: 'page.md', line: 9, language: 'sh', notes: { skip: 'long' }, code: 'one\n\n  two\n' },
    { page: 'page.md', line: 15, language: '', notes: {}, code: 'plain\n' },
  ]);
});

test('a fence within a line, and one that is never closed, make no block', () => {
  expect(blocksOf('page.md', 'Write ```ts in a line.\n\n```ts\nnever();\n')).toEqual([]);
});
