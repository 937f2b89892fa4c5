import { describe, expect, it } from 'vitest';
import { given, interval, nsPerMs, random, settled, sharedOf, span } from './settlement.suite.ts';
import { Settlement } from './settlement.ts';
import type { SpanAccount } from './spanAccount.ts';
import type { Interval, SpanWeights } from './weights.ts';

describe('the balance', () => {
  it('holds over random overlaps, nesting, gaps, negative samples, forgotten spans and any weights', () => {
    const next = random(17);
    for (let run = 0; run < 200; run++) {
      const count = 1 + Math.floor(next() * 40);
      const spans = Array.from({ length: count }, (_, k): Interval => {
        const start = next() * 900;
        // Parents may be later spans, the span itself, or spans that are not there: none of that may break the sum.
        const parent = next() < 0.6 ? `s${Math.floor(next() * (count + 2))}` : undefined;
        return span(`s${k}`, start, start + next() * (next() < 0.2 ? 600 : 60), parent);
      });
      const odd = [Number.NaN, -1, Number.POSITIVE_INFINITY, 0, 1e300, undefined];
      const values = Object.fromEntries(
        spans.map(({ spanId }) => [spanId, next() < 0.1 ? odd[Math.floor(next() * odd.length)] : next()]),
      );
      const own = next() < 0.3 ? { ownShare: () => next() } : {};
      const weights = next() < 0.5 ? { weights: { system: { ...given(values), ...own } } } : {};
      const baseline = next() < 0.5 ? { baseline: { system: 60 } } : {};
      const settlement = new Settlement({ ...weights, ...baseline, maxSpans: next() < 0.3 ? 10 : 4096 });
      let integral = 0;
      let gapSeconds = 0;
      let watts = 100;
      const accounts: SpanAccount[] = [];
      for (const each of spans) settlement.start(each, 0);
      for (const each of spans) if (next() > 0.05) settlement.end(each); // some never end
      for (let ms = 0; ms < 1600; ) {
        const step = 20 + next() * 60;
        const after = 400 * next() - 20;
        const isGap = next() < 0.05;
        if (isGap) gapSeconds += step / 1000;
        else integral += (((watts + after) / 2) * step) / 1000;
        settlement.add(interval(ms, ms + step, watts, after, isGap));
        accounts.push(...settlement.settle(ms * nsPerMs));
        watts = after;
        ms += step;
      }
      accounts.push(...settlement.settle(1e12)); // also what waited for the weights of spans that never ended
      const { joules, attributed, unattributed, gapSeconds: gaps } = settlement.balances.system;
      expect(joules).toBeCloseTo(integral, 9);
      expect(attributed + unattributed).toBeCloseTo(integral, 9);
      expect(gaps).toBeCloseTo(gapSeconds, 9);
      for (const each of spans) {
        const account = settlement.close(each.spanId);
        if (account) accounts.push(account);
      }
      const self = accounts.reduce((sum, account) => sum + account.of('system', 'selfJoules'), 0);
      expect(self + unattributed).toBeCloseTo(integral, 9);
    }
  });

  it('counts what runs without spans, and at rest, as unattributed and idle', () => {
    const { settlement } = settled([span('a', 0, 500)], { baseline: { system: 60 } });
    expect(settlement.balances.system).toMatchObject({
      joules: expect.closeTo(100, 9),
      attributed: expect.closeTo(50, 9),
      unattributed: expect.closeTo(50, 9),
      idle: expect.closeTo(60, 9),
      negative: 0,
      gapSeconds: 0,
    });
  });

  it('counts energy below 0 apart', () => {
    const settlement = new Settlement();
    settlement.add(interval(0, 1000, -2, -2));
    settlement.settle(0);
    expect(settlement.balances.system).toMatchObject({ joules: -2, negative: 2 });
  });
});

describe('an interval', () => {
  const atEnd = given({ a: 1, b: 3 });

  it('waits for the weights of spans alive in it', () => {
    const settlement = new Settlement({ weights: { system: atEnd } });
    for (const id of ['a', 'b']) settlement.start(span(id, 0, Number.POSITIVE_INFINITY), 0);
    settlement.add(interval(0, 50, 100, 100));
    settlement.end(span('a', 0, 50));
    expect(settlement.settle(60 * nsPerMs)).toEqual([]);
    settlement.end(span('b', 0, 50));
    expect(settlement.settle(60 * nsPerMs).map(({ spanId }) => spanId)).toEqual(['a', 'b']);
  });

  it('waits 4 s at most, and is divided equally then', () => {
    const settlement = new Settlement({ weights: { system: atEnd } });
    for (const id of ['a', 'forgotten']) settlement.start(span(id, 0, Number.POSITIVE_INFINITY), 0);
    settlement.add(interval(0, 50, 100, 100));
    settlement.end(span('a', 0, 50));
    expect(settlement.settle(4049 * nsPerMs)).toEqual([]);
    const [account] = settlement.settle(4050 * nsPerMs);
    expect(account?.of('system', 'joules')).toBeCloseTo(2.5, 9);
    expect(sharedOf(account)).toEqual([expect.closeTo(25 * nsPerMs, 0), 0]);
  });
});

describe('weights that are known while spans run', () => {
  it('count by what they grew in each interval', () => {
    const reached: Record<string, number> = { a: 0, b: 0 };
    const grows: SpanWeights = { name: 'grows', selfOf: ({ spanId }) => reached[spanId] };
    const settlement = new Settlement({ weights: { system: grows } });
    for (const id of ['a', 'b']) settlement.start(span(id, 0, Number.POSITIVE_INFINITY), 0);
    reached.a = 3;
    reached.b = 1;
    settlement.add(interval(0, 50, 100, 100));
    settlement.settle(50 * nsPerMs);
    reached.b = 2;
    settlement.add(interval(50, 100, 100, 100));
    settlement.settle(100 * nsPerMs);
    for (const [id, joules] of [
      ['a', 3.75],
      ['b', 1.25 + 5],
    ] as const) {
      expect(settlement.close(id)?.of('system', 'joules')).toBeCloseTo(joules, 9);
    }
  });
});

it('the cost of a span does not grow with the spans next to it', () => {
  const cost = (inFlight: number) => {
    const total = 40_000;
    const settlement = new Settlement({ maxSpans: 1e6 });
    const spans = Array.from({ length: total }, (_, k) => {
      const start = (k * 100) / inFlight;
      return span(`s${k}`, start, start + 100);
    });
    const untilMs = (total * 100) / inFlight + 200;
    let next = 0;
    const before = process.cpuUsage();
    for (let ms = 0; ms < untilMs; ms += 50) {
      for (; next < total && (spans[next]?.startNs ?? 0) < (ms + 50) * nsPerMs; next++) {
        const each = spans[next];
        if (each === undefined) continue;
        settlement.start(each, 0);
        settlement.end(each);
      }
      settlement.add(interval(ms, ms + 50, 100, 100));
      settlement.settle(ms * nsPerMs);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / total;
  };
  cost(50); // compiles
  const few = Math.min(cost(50), cost(50));
  const many = Math.min(cost(2000), cost(2000));
  // 40 times with the square of their number. The machine is noisy; bench/energy.bench.mjs has the figure.
  expect(many / few).toBeLessThan(4);
});
