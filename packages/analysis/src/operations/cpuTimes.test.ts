import { attribute } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { cpuTimedSpans } from './cpuTimes.ts';
import { span } from './example.suite.ts';

const at = (startMs: number, total?: unknown, self: unknown = total, name = 'a') =>
  span(name, startMs, startMs + 100, {
    attributes: { [attribute.cpuSeconds]: total, [attribute.cpuSelfSeconds]: self } as Attributes,
  });

test('the time on the CPU is that of the attributes, where every operation states it', () => {
  const { spans, ...rest } = cpuTimedSpans([at(0, 0.05, 0.02), at(200, 0, 0, 'b')]);

  expect(spans.map(({ cpuSeconds }) => cpuSeconds)).toEqual([
    { total: 0.05, self: 0.02 },
    { total: 0, self: 0 },
  ]);
  expect(rest).toEqual({ weights: 'cpu_time', invalid: 0, filled: 0, without: [] });
});

test('an operation without it is named, and all divide equally: what it used is not known', () => {
  const { spans, ...rest } = cpuTimedSpans([at(0, 0.05), span('b', 0, 100)]);

  expect(spans.every(({ cpuSeconds }) => cpuSeconds === undefined)).toBe(true);
  expect(rest).toEqual({ weights: 'equal', invalid: 0, filled: 0, without: ['b'] });
});

test('where none states it there is nothing to name', () => {
  expect(cpuTimedSpans([span('a', 0, 1), span('b', 0, 1)])).toMatchObject({ weights: 'equal', without: [] });
  expect(cpuTimedSpans([])).toEqual({ spans: [], weights: 'equal', invalid: 0, filled: 0, without: [] });
});

test.each([
  ['a negative number', -0.1, 0],
  ['not a number', Number.NaN, 0],
  ['infinite', Number.POSITIVE_INFINITY, 0],
  ['a text', '0.05', 0],
  ['there without a usable part of its own', 0.05, null],
  ['only its own part', undefined, 0.05],
])('one that is %s is counted and taken at the mean share of its operation', (_, total, self) => {
  const good = Array.from({ length: 30 }, (_none, k) => at(1000 + k * 200, 0.04, 0.01));

  const { spans, ...rest } = cpuTimedSpans([at(0, total, self), ...good]);

  expect(rest).toEqual({ weights: 'cpu_time', invalid: 1, filled: 1, without: [] });
  expect(spans[0]?.cpuSeconds).toEqual({ total: expect.closeTo(0.04, 9), self: expect.closeTo(0.01, 9) });
});

test('an operation of which a tenth lacks it does not state it', () => {
  const spans = Array.from({ length: 30 }, (_, k) =>
    k % 10 === 0 ? span('a', k * 200, k * 200 + 100) : at(k * 200, 0.04),
  );

  expect(cpuTimedSpans(spans)).toMatchObject({ weights: 'equal', without: ['a'] });
});

test('spans of two traces with one span id stay apart', () => {
  const one = { ...span('a', 0, 1), traceId: '1'.repeat(32), spanId: 'x' };
  const two = { ...span('b', 0, 1), traceId: '2'.repeat(32), spanId: 'x', parentSpanId: 'y' };

  const { spans } = cpuTimedSpans([one, two]);

  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(2);
  expect(spans[1]?.parentSpanId).toBe(`${'2'.repeat(32)}y`);
});
