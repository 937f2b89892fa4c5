import { expect, it } from 'vitest';
import { SpanIds } from './spanIds.ts';

it('knows a span by its id and that of its trace', () => {
  const ids = new SpanIds();
  const has = () =>
    [
      ['t1', 's1'],
      ['t2', 's1'],
      ['t3', 's1'],
      ['t1', 's2'],
    ].map(([trace = '', span = '']) => ids.has(trace, span));

  expect(has()).toEqual([false, false, false, false]);
  ids.add('t1', 's1');
  expect(has()).toEqual([true, false, false, false]);
  ids.add('t2', 's1');
  expect(has()).toEqual([true, true, false, false]);
  ids.add('t3', 's1');
  expect(has()).toEqual([true, true, true, false]);
});
