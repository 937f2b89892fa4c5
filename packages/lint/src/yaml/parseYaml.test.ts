import { describe, expect, test } from 'vitest';
import { itemsOf, nodeAt, textAt } from './node.ts';
import { parseYaml } from './parseYaml.ts';

const parsed = (text: string) => parseYaml({ path: 'a.yaml', text });

describe('a file that is YAML', () => {
  test('becomes nodes that know their places', () => {
    const { documents } = parsed('a:\n  - b: 1\n---\nc: "two"\n');

    const [item] = itemsOf(nodeAt(documents[0], 'a'));
    expect(nodeAt(item, 'b')).toEqual({ kind: 'scalar', value: 1, style: 'plain', at: { line: 2, column: 8 } });
    expect(nodeAt(documents[1], 'c')).toMatchObject({ value: 'two', style: 'quoted', at: { line: 4, column: 4 } });
  });

  test('has the values of its aliases and merge keys, its own keys before merged ones', () => {
    const [document] = parsed('base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\ncopy: *b\n').documents;

    expect(['x', 'y'].map((key) => textAt(document, 'use', key))).toEqual(['1', '3']);
    expect(textAt(document, 'copy', 'y')).toBe('2');
  });

  test('may be a comment alone: no document', () => {
    expect(parsed('# nothing\n')).toEqual({ documents: [], findings: [] });
  });

  test('has a value that was left out at the place of its key', () => {
    const [document] = parsed('a:\nb: 1\n').documents;

    expect(nodeAt(document, 'a')).toMatchObject({ value: null, at: { line: 1, column: 1 } });
    expect(textAt(document, 'a')).toBeUndefined();
  });
});

describe('a file that is not', () => {
  test.each([
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 'yaml-duplicate-key', 3],
    ['a tab as indentation', 'a:\n\tb: 1\n', 'yaml-tab', 2],
    ['a bracket that is not closed', 'a: [1, 2\n', 'yaml-syntax', 2],
    ['an alias of nothing', 'a: *b\n', 'yaml-syntax', 1],
    ['an alias of itself', 'a: &a [*a]\n', 'yaml-syntax', 1],
    ['a hundred thousand levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'yaml-too-deep', 1],
    ['brackets that are not closed', '['.repeat(100_000), 'yaml-too-deep', 1],
    ['ten thousand levels of dashes', `a:\n  ${'- '.repeat(10_000)}1\n`, 'yaml-too-deep', 1],
    ['ten thousand levels of keys', `${'? '.repeat(10_000)}1\n`, 'yaml-too-deep', 1],
    ['three hundred levels', `${'{a: '.repeat(300)}1${'}'.repeat(300)}`, 'yaml-too-deep', 1],
  ])('because of %s, is one finding with its line', (_, text, rule, line) => {
    const { documents, findings } = parsed(text);

    expect(documents).toEqual([]);
    expect(findings[0]).toMatchObject({ rule, line, file: 'a.yaml', severity: 'error' });
  });

  test('because aliases unfold to billions, is found in bounded time', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]`);
    const startedMs = performance.now();

    const { findings } = parsed(`l0: &l0 [lol]\n${levels.join('\n')}\n`);

    expect(findings).toMatchObject([{ rule: 'yaml-alias-bomb' }]);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  test('because it is a map of 100,000 keys with one twice, is found in bounded time', () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `k${i}: 1`);
    const before = process.cpuUsage();

    expect(parsed(`${keys.join('\n')}\nk7: 2\n`).findings).toMatchObject([
      { rule: 'yaml-duplicate-key', line: 100_001 },
    ]);
    // A comparison of each key with each would take minutes.
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(15);
  });

  test('has at most five findings', () => {
    expect(parsed('a: 1\n'.repeat(100)).findings).toHaveLength(5);
  });
});
