import { describe, expect, test } from 'vitest';
import type { VariableModel } from './model.ts';
import { builtIn, opened, replaced, type Variable } from './variables.ts';

const board: VariableModel = { type: 'query', name: 'board', multi: true, includeAll: true, allValue: '.*' };

function known(...variables: Variable[]): ReadonlyMap<string, Variable> {
  return new Map(variables.map((variable) => [variable.name, variable]));
}

describe('a variable opens', () => {
  test('with its own expression for all', () => {
    const all = opened({ ...board, current: { value: '$__all' } }, ['a', 'b']);

    expect(all).toMatchObject({ value: { all: '.*' }, text: 'All' });
  });

  test('with all its options, escaped, where it has no expression for all', () => {
    const { allValue: _, ...without } = board;
    const all = opened({ ...without, current: { value: ['$__all'] } }, ['bench-a:9109', 'a.b']);

    expect(replaced('x=~"$board"', known(all))).toBe(String.raw`x=~"(bench-a:9109|a\\.b)"`);
  });

  test('with what the file has chosen', () => {
    expect(opened({ ...board, current: { value: ['b'] } }, ['a', 'b'])).toMatchObject({ value: ['b'], text: 'b' });
  });

  test('with its first option where the data lacks what the file has chosen, or nothing is chosen', () => {
    const single: VariableModel = { type: 'query', name: 'primary' };

    expect(opened({ ...single, current: { value: 'gone' } }, ['rust', 'cpp']).value).toBe('rust');
    expect(opened(single, ['rust', 'cpp']).value).toBe('rust');
  });

  test('with nothing where there are no options', () => {
    expect(opened({ type: 'query', name: 'primary' }, [])).toMatchObject({ value: '', text: 'None' });
    expect(opened({ ...board, allValue: '', current: { value: '$__all' } }, []).value).toEqual({ all: '' });
  });
});

describe('a reference', () => {
  const host = opened({ ...board, name: 'host', current: { value: ['bench-a', 'b(1)'] } }, ['bench-a', 'b(1)']);
  const variables = known(host, ...builtIn({ __rate_interval: '1m0s' }));

  test.each([
    ['$host', String.raw`(bench-a|b\\(1\\))`],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax
    ['${host}', String.raw`(bench-a|b\\(1\\))`],
    ['[[host]]', String.raw`(bench-a|b\\(1\\))`],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax
    ['${host:csv}', 'bench-a,b(1)'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax
    ['${host:pipe}', 'bench-a|b(1)'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax
    ['${host:text}', 'bench-a + b(1)'],
    ['rate(x[$__rate_interval])', 'rate(x[1m0s])'],
  ])('%s becomes %s', (text, expected) => {
    expect(replaced(text, variables)).toBe(expected);
  });

  test('to a longer name is not that to its beginning', () => {
    expect(replaced('$hostname $host', known(opened({ type: 'custom', name: 'host' }, ['a'])))).toBe('$hostname a');
  });

  test('to an unknown variable stays as it is', () => {
    expect(replaced('label_replace(x, "a", "$1", "b", "(.*)")', variables)).toContain('"$1"');
  });

  test('in a variable of one value is not a pattern: quotes are escaped, dots are not', () => {
    const one = opened({ type: 'textbox', name: 'run', current: { value: 'a."b' } }, []);

    expect(replaced('run="$run"', known(one))).toBe(String.raw`run="a.\"b"`);
  });
});
