import { attribute } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { figure, span, summary } from './example.suite.ts';
import { summariseOperations } from './operations.ts';
import { percentile } from './percentile.ts';

describe('percentile', () => {
  it('is a value that was observed, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, k) => k + 1);

    expect([50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100]);
    expect([50, 95, 99, 100].map((percent) => percentile([7, 9], percent))).toEqual([7, 9, 9, 9]);
    expect(percentile([3], 50)).toBe(3);
  });

  it('of nothing is undefined', () => {
    expect(percentile([], 95)).toBeUndefined();
  });
});

describe('summariseOperations', () => {
  it('groups spans by name, counts errors and puts the longest operation first', () => {
    const spans = [
      span('price', 0, 10),
      span('checkout', 0, 200),
      span('price', 20, 40, { failed: true }),
      span('checkout', 300, 400),
    ];

    const operations = summariseOperations(spans);

    expect(operations.map(({ name, calls, errors }) => [name, calls, errors])).toEqual([
      ['checkout', 2, 0],
      ['price', 2, 1],
    ]);
    expect(operations[0]?.p50Seconds).toBeCloseTo(0.1, 9);
    expect(operations[0]?.maxSeconds).toBeCloseTo(0.2, 9);
    expect(operations[0]?.energy).toBeUndefined();
  });

  it('tells apart spans of one name and several kinds, and names the kind then only', () => {
    const operations = summariseOperations([
      span('GET /cart', 0, 100, { kind: 2 }),
      span('GET /cart', 10, 90, { kind: 1 }),
      span('GET /cart, client', 0, 5),
      span('price', 0, 50, { kind: 4 }),
    ]);

    expect(operations.map(({ name, kind, label }) => [label, name, kind])).toEqual([
      // A span has the label of another operation as its name.
      ['GET /cart, client kind', 'GET /cart', 'client'],
      ['GET /cart, server', 'GET /cart', 'server'],
      ['price', 'price', 'consumer'],
      ['GET /cart, client', 'GET /cart, client', 'internal'],
    ]);
  });

  it('gives each operation its energy by name', () => {
    const energies = new Map([['a', summary(2, figure(30, 5))]]);

    const operations = summariseOperations([span('a', 0, 1000), span('b', 2000, 3000)], energies);

    expect(operations.map(({ name, energy }) => [name, energy?.calls])).toEqual([
      ['a', 2],
      ['b', undefined],
    ]);
  });

  it('adds up what its calls produced where all state one unit', () => {
    const of = (units: unknown, unit: unknown = 'token') =>
      span('a', 0, 1, { attributes: { [attribute.energyUnit]: unit, [attribute.energyUnits]: units } as Attributes });
    const work = (...spans: ReturnType<typeof of>[]) => summariseOperations(spans)[0]?.work;

    expect(work(of(200), of(0), of(40))).toEqual({ unit: 'token', units: 240 });
    expect(work(of(200), span('a', 0, 1))).toBeUndefined();
    expect(work(of(200), of(40, 'frame'))).toBeUndefined();
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY, '12', undefined, 0]) {
      expect(work(of(bad)), `${bad} units`).toBeUndefined();
    }
    for (const bad of ['', 'two words', '1st', 'x'.repeat(40), 7]) {
      expect(work(of(1, bad)), `a unit ${bad}`).toBeUndefined();
    }
  });

  it('of no spans is empty', () => {
    expect(summariseOperations([])).toEqual([]);
  });
});
