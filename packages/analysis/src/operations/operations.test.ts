import { describe, expect, it } from 'vitest';
import { energy, span } from './example.suite.ts';
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

    const operations = summariseOperations(spans, []);

    expect(operations.map(({ name, calls, errors }) => [name, calls, errors])).toEqual([
      ['checkout', 2, 0],
      ['price', 2, 1],
    ]);
    expect(operations[0]?.p50Seconds).toBeCloseTo(0.1, 9);
    expect(operations[0]?.maxSeconds).toBeCloseTo(0.2, 9);
    expect(operations[0]?.energy).toBeUndefined();
  });

  it('adds energy up with its error, by role', () => {
    const spans = [span('a', 0, 1000), span('a', 2000, 3000)];

    const [operation] = summariseOperations(spans, [energy(10, 3), energy(20, 4)]);

    expect(operation?.energy?.roles.system).toEqual({ joules: 15, stderr: 2.5, totalJoules: 30, totalStderr: 5 });
    expect(operation?.energy?.roles.cpu?.totalJoules).toBe(15);
    expect(operation?.energyCoverage).toBe(1);
  });

  it('counts calls that were not measured at all as uncovered', () => {
    const spans = [span('a', 0, 1000), span('a', 2000, 5000)];

    const [operation] = summariseOperations(spans, [energy(10, 1), undefined]);

    expect(operation?.energyCoverage).toBeCloseTo(0.25, 9);
  });

  it('covers nothing where all calls took no time', () => {
    const [operation] = summariseOperations([span('a', 5, 5)], [undefined]);

    expect(operation).toMatchObject({ energyCoverage: 0, p95Seconds: 0 });
  });

  it('of no spans is empty', () => {
    expect(summariseOperations([], [])).toEqual([]);
  });
});
