import { describe, expect, it } from 'vitest';
import type { SampleInterval } from './settleInterval.ts';
import { Settlement, type SettlementOptions } from './settlement.ts';
import type { SpanAccount } from './spanAccount.ts';
import type { Interval, SpanWeights } from './weights.ts';

const nsPerMs = 1e6;

// A fixed sequence instead of Math.random, so that a failure can be repeated (mulberry32).
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function interval(fromMs: number, toMs: number, p0: number, p1: number, isGap = false): SampleInterval {
  return {
    fromNs: fromMs * nsPerMs,
    toNs: toMs * nsPerMs,
    watts: { system: { before: p0, mean: (p0 + p1) / 2, after: p1 } },
    isMean: false,
    isGap,
    uncertaintyNs: 0,
    periodNs: 50 * nsPerMs,
  };
}

const span = (spanId: string, startMs: number, endMs: number, parentSpanId?: string): Interval => ({
  spanId,
  startNs: startMs * nsPerMs,
  endNs: endMs * nsPerMs,
  ...(parentSpanId === undefined ? {} : { parentSpanId }),
});

/** Settles 100 W over intervals of 50 ms among these spans. */
function settled(spans: readonly Interval[], options: SettlementOptions = {}, untilMs = 1000) {
  const settlement = new Settlement(options);
  for (const each of spans) {
    settlement.start(each, 0);
    settlement.end(each);
  }
  for (let ms = 0; ms < untilMs; ms += 50) settlement.add(interval(ms, ms + 50, 100, 100));
  const accounts = new Map(settlement.settle(untilMs * nsPerMs).map((account) => [account.spanId, account]));
  const joules = (id: string) => accounts.get(id)?.of('system', 'joules') ?? Number.NaN;
  const self = (id: string) => accounts.get(id)?.of('system', 'selfJoules') ?? Number.NaN;
  return { settlement, accounts, joules, self };
}

/** The time that others had, and what of that was divided by weights. */
const sharedOf = (account: SpanAccount | undefined) => [
  account?.of('system', 'sharedNs'),
  account?.of('system', 'weightedNs'),
];

/** Weights that are given for each span. */
const given = (values: Readonly<Record<string, number | undefined>>): SpanWeights => ({
  name: 'given',
  isKnownAtEnd: true,
  selfOf: ({ spanId }) => values[spanId],
});

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

describe('spans that overlap', () => {
  it('share an interval equally by the time that they were alive in it', () => {
    const { joules } = settled([span('a', 0, 1000), span('b', 0, 500)]);
    expect(joules('a')).toBeCloseTo(75, 9);
    expect(joules('b')).toBeCloseTo(25, 9);
  });

  it('share it by their weights', () => {
    const weights = { system: given({ a: 3, b: 1 }) };
    const { joules, accounts } = settled([span('a', 0, 1000), span('b', 0, 1000)], { weights });
    expect(joules('a')).toBeCloseTo(75, 9);
    expect(joules('b')).toBeCloseTo(25, 9);
    expect(sharedOf(accounts.get('a'))).toEqual([expect.closeTo(250 * nsPerMs, 0), expect.closeTo(250 * nsPerMs, 0)]);
  });

  it.each([
    ['unknown', undefined],
    ['not a number', Number.NaN],
    ['negative', -1],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('share it equally, and are marked so, where a weight is %s', (_, weight) => {
    const weights = { system: given({ a: 3, b: weight }) };
    const { joules, accounts } = settled([span('a', 0, 1000), span('b', 0, 1000)], { weights });
    expect(joules('a')).toBeCloseTo(50, 9);
    expect(sharedOf(accounts.get('a'))).toEqual([expect.closeTo(500 * nsPerMs, 0), 0]);
  });

  it('leave to strangers what these used', () => {
    const weights = { system: { ...given({ a: 1 }), ownShare: () => 0.25 } };
    const { joules, settlement } = settled([span('a', 0, 1000)], { weights });
    expect(joules('a')).toBeCloseTo(25, 9);
    expect(settlement.balances.system.unattributed).toBeCloseTo(75, 9);
  });

  it('keep the idle part and leave to strangers what these used of the active part, with a baseline', () => {
    const weights = { system: { ...given({ a: 1 }), ownShare: () => 0.25 } };
    const { joules, accounts } = settled([span('a', 0, 1000)], { weights, baseline: { system: 60 } });
    expect(joules('a')).toBeCloseTo(60 + 10, 9);
    expect(accounts.get('a')?.of('system', 'activeJoules')).toBeCloseTo(10, 9);
  });
});

describe('spans below a span', () => {
  it('do not change what it has, and it knows its own part', () => {
    const parts = [span('a', 0, 1000), span('a1', 100, 400, 'a'), span('a2', 100, 400, 'a'), span('b', 0, 1000)];
    const { joules, self } = settled(parts);
    expect(joules('a')).toBeCloseTo(50, 9);
    expect(joules('b')).toBeCloseTo(50, 9);
    expect(joules('a1') + joules('a2')).toBeCloseTo(15, 9);
    expect(self('a')).toBeCloseTo(35, 9);
  });

  it('add their weights to it', () => {
    const weights = { system: given({ a: 1, a1: 2, b: 1 }) };
    const { joules, self } = settled([span('a', 0, 1000), span('a1', 0, 1000, 'a'), span('b', 0, 1000)], { weights });
    expect(joules('a')).toBeCloseTo(75, 9);
    expect(self('a')).toBeCloseTo(25, 9);
    expect(joules('a1')).toBeCloseTo(50, 9);
  });

  it('stand by themselves once it has ended', () => {
    const { joules } = settled([span('a', 0, 500), span('late', 0, 1000, 'a')]);
    expect(joules('a')).toBeCloseTo(50, 9);
    expect(joules('late')).toBeCloseTo(100, 9);
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

describe('bad input of the application', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['is not a number', () => Number.NaN],
  ])('a weight that %s makes shares equal, and counts no interval twice', (_, selfOf) => {
    const settlement = new Settlement({ weights: { system: { name: 'bad', selfOf: selfOf as () => number } } });
    for (const id of ['a', 'b']) settlement.start(span(id, 0, Number.POSITIVE_INFINITY), 0);
    for (let ms = 0; ms < 100; ms += 50) {
      settlement.add(interval(ms, ms + 50, 100, 100));
      settlement.settle((ms + 50) * nsPerMs);
    }
    expect(settlement.balances.system).toMatchObject({ joules: 10, attributed: expect.closeTo(10, 9) });
    expect(settlement.close('a')?.of('system', 'joules')).toBeCloseTo(5, 9);
  });

  it.each([Number.NaN, -1, 2, Number.POSITIVE_INFINITY])(
    'a share of the process of %s counts as the whole',
    (share) => {
      const weights = { system: { ...given({ a: 1 }), ownShare: () => share } };
      expect(settled([span('a', 0, 1000)], { weights }).joules('a')).toBeCloseTo(100, 9);
    },
  );

  it('an interval that was taken in before is not counted again', () => {
    const settlement = new Settlement();
    settlement.add(interval(0, 100, 100, 100));
    settlement.add(interval(0, 100, 100, 100));
    settlement.add(interval(50, 150, 100, 100));
    settlement.settle(0);
    expect(settlement.balances.system.joules).toBeCloseTo(15, 9);
  });

  it.each([
    ['maxSpans', { maxSpans: Number.NaN }],
    ['maxSpans', { maxSpans: 0 }],
    ['maxWaitNs', { maxWaitNs: -1 }],
    ['baseline.system', { baseline: { system: Number.NaN } }],
    ['baseline.cpu', { baseline: { cpu: -5 } }],
  ])('%s is refused: %o', (option, options) => {
    expect(() => new Settlement(options)).toThrow(`${option} is `);
  });
});

describe('odd spans', () => {
  it('that end twice, end before they start, or are not known are harmless', () => {
    const settlement = new Settlement();
    settlement.start(span('a', 0, Number.POSITIVE_INFINITY), 0);
    expect(settlement.end(span('a', 0, 30))?.endNs).toBe(30 * nsPerMs);
    expect(settlement.end(span('a', 0, 50))).toBeUndefined();
    expect(settlement.end(span('unknown', 0, 50))).toBeUndefined();
    settlement.start(span('backwards', 40, Number.POSITIVE_INFINITY), 0);
    settlement.end(span('backwards', 40, 10));
    settlement.add(interval(0, 50, 100, 100));
    const ids = settlement.settle(50 * nsPerMs).map((account) => account.spanId);
    expect(ids).toEqual(['a', 'backwards']);
    expect(settlement.balances.system.attributed).toBeCloseTo(3, 9);
  });

  it('that never end make room for those that do', () => {
    const settlement = new Settlement({ maxSpans: 10 });
    for (let k = 0; k < 100; k++) settlement.start(span(`leak${k}`, 0, Number.POSITIVE_INFINITY), 0);
    settlement.start(span('a', 0, Number.POSITIVE_INFINITY), 0);
    settlement.end(span('a', 0, 50));
    settlement.add(interval(0, 50, 100, 100));
    expect(settlement.settle(50 * nsPerMs).map((account) => account.spanId)).toEqual(['a']);
  });

  it('beyond the bound are counted, and what they used is unattributed', () => {
    const spans = Array.from({ length: 100 }, (_, k) => span(`s${k}`, 0, 1000));
    const { settlement, accounts } = settled(spans, { maxSpans: 4 });
    expect(settlement.forgotten).toBe(96);
    expect(accounts.size).toBe(4);
  });

  it('many more than the bound at once take bounded room and time', () => {
    const settlement = new Settlement();
    const before = performance.now();
    for (let k = 0; k < 1e5; k++) settlement.start(span(`s${k}`, 0, Number.POSITIVE_INFINITY), 0);
    settlement.add(interval(0, 50, 100, 100));
    settlement.settle(50 * nsPerMs);
    expect(settlement.forgotten).toBe(1e5 - 4096);
    // A map that loses its oldest entry for each new one is not fast, but its cost does not grow.
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('nested a thousand deep are settled', () => {
    const spans = Array.from({ length: 1000 }, (_, k) => span(`s${k}`, 0, 1000, k === 0 ? undefined : `s${k - 1}`));
    const { joules } = settled(spans);
    expect(joules('s0') + joules('s257') + joules('s514') + joules('s771')).toBeCloseTo(100, 6);
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
