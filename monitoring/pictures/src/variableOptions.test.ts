import { describe, expect, test } from 'vitest';
import { narrowed, optionQuery } from './variableOptions.ts';

const asIs = (text: string) => text;

describe('the query of a variable', () => {
  test.each([
    ['label_values(hw_power_watts, job)', { kind: 'labelValues', selector: 'hw_power_watts', label: 'job' }],
    ['label_values(up{job=~"a,b"}, instance)', { kind: 'labelValues', selector: 'up{job=~"a,b"}', label: 'instance' }],
    ['label_values(job)', { kind: 'labelValues', label: 'job' }],
    ['query_result(topk(3, up))', { kind: 'result', expr: 'topk(3, up)' }],
    ['metrics(hw_.*)', { kind: 'metrics', pattern: 'hw_.*' }],
  ])('%s is understood', (query, expected) => {
    expect(optionQuery({ type: 'query', name: 'x', query: { query } }, asIs)).toEqual(expected);
  });

  test('uses the variables before it', () => {
    const query = optionQuery({ type: 'query', name: 'x', query: 'label_values(up{job="$job"}, instance)' }, (text) =>
      text.replace('$job', 'node'),
    );

    expect(query).toMatchObject({ selector: 'up{job="node"}' });
  });

  test('that is not one of Prometheus is undefined, not an empty list', () => {
    expect(optionQuery({ type: 'query', name: 'x', query: 'label_values(' }, asIs)).toBeUndefined();
    expect(optionQuery({ type: 'query', name: 'x' }, asIs)).toBeUndefined();
    expect(optionQuery({ type: 'adhoc', name: 'x' }, asIs)).toBeUndefined();
  });

  test('of fixed values is a list, with texts before colons left out', () => {
    expect(optionQuery({ type: 'custom', name: 'x', query: 'p50 : 0.5, p99 : 0.99,1' }, asIs)).toEqual({
      kind: 'fixed',
      values: ['0.5', '0.99', '1'],
    });
  });
});

describe('options are', () => {
  test('filtered by the expression, which may capture a part', () => {
    const values = ['a{host="one"} 1', 'a{host="two"} 1', 'b 1', 'a{host="one"} 2'];

    expect(narrowed(values, { type: 'query', name: 'x', regex: '/host="([^"]+)"/' })).toEqual(['one', 'two']);
  });

  test.each([
    [0, ['b', '10', '9', 'A']],
    [1, ['10', '9', 'A', 'b']],
    [2, ['b', 'A', '9', '10']],
    [3, ['9', '10', 'A', 'b']],
    [4, ['b', 'A', '10', '9']],
  ])('sorted in order %i', (sort, expected) => {
    expect(narrowed(['b', '10', '9', 'A', 'b'], { type: 'query', name: 'x', sort })).toEqual(expected);
  });
});
