import { describe, expect, it } from 'vitest';
import { given, interval, nsPerMs, settled, span } from './settlement.suite.ts';
import { Settlement } from './settlement.ts';

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
