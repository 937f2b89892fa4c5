import { expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import { lint } from './lintKind.ts';

const finding = (line: number, rule = 'no-a', file = 'a.yaml'): Finding => {
  return { rule, severity: 'error', message: 'There is an a.', fix: 'Remove it.', file, line };
};

/** A kind that finds an `a` in each line, but not in comments. */
function found(text: string, more: readonly Finding[] = []): readonly string[] {
  const rules = [{ id: 'no-a', reason: 'An a.' }];
  const find = () => [
    ...more,
    ...text.split('\n').flatMap((line, i) => (line.replace(/#.*/, '').includes('a') ? finding(i + 1) : [])),
  ];
  return lint({ rules, find }, [{ path: 'a.yaml', text, isNamed: true }]).map(({ file, line, rule }) =>
    [file, line, rule].join(':'),
  );
}

test('findings come in the order of file, line and rule, the same one once', () => {
  const more = [finding(9), finding(2, 'x'), finding(2), finding(2), finding(10), finding(1, 'no-a', 'A.yaml')];

  expect(found('b', more)).toEqual(['A.yaml:1:no-a', 'a.yaml:2:no-a', 'a.yaml:2:x', 'a.yaml:9:no-a', 'a.yaml:10:no-a']);
});

test('a comment with a reason allows a rule on its line, or on the first line below it that is not a comment', () => {
  expect(found('a # lint: allow no-a: because')).toEqual([]);
  expect(found('# lint: allow no-a: because\n# and more\na\na')).toEqual(['a.yaml:4:no-a']);
});

test('a comment without a reason allows nothing, and is a finding', () => {
  expect(found('a # lint: allow no-a')).toEqual(['a.yaml:1:allow-without-reason', 'a.yaml:1:no-a']);
  expect(found('b # lint: allow')).toEqual(['a.yaml:1:allow-without-reason']);
});

test('a comment that allows nothing is a finding', () => {
  expect(found('b # lint: allow no-a: because')).toEqual(['a.yaml:1:allow-unused']);
});

test('a comment for the rule of another linter is left alone', () => {
  expect(found('b # lint: allow another-rule: because')).toEqual([]);
});
