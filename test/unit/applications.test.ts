import { expect, test } from 'vitest';
import { missingLine } from '../../scripts/release/applications.mjs';

test.each([
  ['all lines, with others between them', 'one\nother\n  two\nend\n', undefined],
  ['a line that is missing', 'one\n', 'two'],
  ['lines in another order', 'two\none\n', 'two'],
  ['nothing', '', 'one'],
])('an application that prints %s', (_what, output, missing) => {
  expect(missingLine('one\ntwo\n', output)).toBe(missing);
});

test('a line that is expected twice must be printed twice', () => {
  expect(missingLine('run\nrun\n', 'run\nend\n')).toBe('run');
  expect(missingLine('run\nrun\n', 'run\nend\nrun\n')).toBeUndefined();
});
