import { describe, expect, test } from 'vitest';
import { entriesOf, itemsOf, nodeAt, textAt } from '../yaml/node.ts';
import { parseJson } from './parseJson.ts';

const parsed = (text: string) => parseJson({ path: 'a.json', text });

test('a file that is JSON becomes nodes that know their places', () => {
  const { node, findings } = parsed('{\n  "a": [1, true, null, "x"],\n  "b": {}\n}\n');

  expect(findings).toEqual([]);
  expect(itemsOf(nodeAt(node, 'a')).map((each) => textAt(each))).toEqual(['1', 'true', undefined, 'x']);
  expect(itemsOf(nodeAt(node, 'a'))[3]).toEqual({
    kind: 'scalar',
    value: 'x',
    style: 'quoted',
    at: { line: 2, column: 24 },
  });
  expect(entriesOf(node)[1]).toMatchObject({
    key: 'b',
    keyAt: { line: 3, column: 3 },
    value: { kind: 'map', entries: [] },
  });
});

test('of two equal keys the last one counts, as it does in programs, and the second is a finding', () => {
  const { node, findings } = parsed('{"a": 1,\n"a": 2}');

  expect(textAt(node, 'a')).toBe('2');
  expect(findings).toMatchObject([{ rule: 'json-duplicate-key', line: 2, column: 1 }]);
});

test('a key of the prototype is a key', () => {
  expect(textAt(parsed('{"__proto__": {"a": 1}}').node, '__proto__', 'a')).toBe('1');
});

describe('a file that is not', () => {
  test.each([
    ['a comma at the end', '{"a": 1,}', 'json-syntax', 1, 9],
    ['a comma too few', '{"a": 1\n"b": 2}', 'json-syntax', 2, 1],
    ['a quote too few', '{"a": "b}', 'json-syntax', 1, 7],
    ['a single quote', "{'a': 1}", 'json-syntax', 1, 2],
    ['a line comment', '{\n// a\n"a": 1}', 'json-comment', 2, 1],
    ['a block comment', '{"a": /* b */ 1}', 'json-comment', 1, 7],
    ['two values', '{} {}', 'json-syntax', 1, 4],
    ['a number with a zero before it', '[01]', 'json-syntax', 1, 3],
    ['a line break in a text', '["a\nb"]', 'json-syntax', 1, 2],
    ['nothing', '', 'json-syntax', 1, 1],
    ['a hundred thousand levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'json-too-deep', 1, undefined],
  ])('because of %s, is one finding with its place', (_, text, rule, line, column) => {
    const { node, findings } = parsed(text);

    expect(node).toBeUndefined();
    expect(findings).toMatchObject([{ rule, line, ...(column === undefined ? {} : { column }), file: 'a.json' }]);
  });
});
