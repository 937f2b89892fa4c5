import { expect, test } from 'vitest';
import { frontiers, type NamedSpan } from './frontier.ts';

const span = (name: string, startNs: number, endNs: number, more: Partial<NamedSpan> = {}): NamedSpan => ({
  spanId: more.spanId ?? name,
  name,
  startNs,
  endNs,
  ...more,
});

const shape = (spans: readonly NamedSpan[], isWeighted = false) =>
  frontiers(spans, isWeighted).map(({ operations }) =>
    operations.map(({ name, startsNs, endsNs, weights }) => [
      name,
      Array.from(startsNs, (start, k) => [start, endsNs[k], weights?.[k]]),
    ]),
  );

test('operations without parts share one level', () => {
  expect(shape([span('a', 0, 10), span('b', 5, 20)])).toEqual([
    [
      ['a', [[0, 10, 1]]],
      ['b', [[5, 20, 1]]],
    ],
  ]);
});

test('the parts of a span share the bench with spans of other trees and with the time of their own that has no parts', () => {
  const spans = [span('a', 0, 100), span('part', 20, 60, { parentSpanId: 'a' }), span('b', 0, 50)];
  expect(shape(spans)[1]).toEqual([
    ['part', [[20, 60, 1]]],
    [
      '(above)',
      [
        [0, 20, 1],
        [60, 100, 1],
        [0, 50, 1],
      ],
    ],
  ]);
});

test('names the operations that have spans below them', () => {
  const spans = [span('a', 0, 100), span('part', 20, 60, { parentSpanId: 'a' }), span('b', 0, 50)];
  expect(frontiers(spans, false).map(({ parents }) => [...parents])).toEqual([['a'], []]);
});

test('weights are shares of one CPU: with parts on a level of their own, without them above it', () => {
  const spans = [
    span('a', 0, 1e9, { cpuSeconds: { total: 0.5, self: 0.1 } }),
    span('part', 0, 5e8, { parentSpanId: 'a', cpuSeconds: { total: 0.4, self: 0.4 } }),
  ];
  expect(shape(spans, true)).toEqual([
    [['a', [[0, 1e9, 0.5]]]],
    [
      ['part', [[0, 5e8, 0.8]]],
      ['(above)', [[5e8, 1e9, 0.2]]],
    ],
  ]);
});

test('a part that starts after its parent has ended is part of nothing', () => {
  expect(shape([span('a', 0, 10), span('late', 20, 30, { parentSpanId: 'a' })])).toHaveLength(1);
});

test('parents that are each other, themselves or unknown do not hang it', () => {
  const spans = [
    span('a', 0, 10, { parentSpanId: 'b' }),
    span('b', 0, 10, { parentSpanId: 'a' }),
    span('c', 0, 10, { parentSpanId: 'c' }),
    span('d', 0, 10, { parentSpanId: 'nowhere' }),
  ];
  const names = frontiers(spans, false).flatMap((level) => level.names);
  expect([...names].sort()).toEqual(['a', 'b', 'c', 'd']);
});

test('spans deeper than eight levels have no figure of their own', () => {
  const spans = Array.from({ length: 20 }, (_, k) =>
    span(`s${k}`, k, 100 - k, k === 0 ? {} : { parentSpanId: `s${k - 1}` }),
  );
  expect(frontiers(spans, false)).toHaveLength(8);
});
