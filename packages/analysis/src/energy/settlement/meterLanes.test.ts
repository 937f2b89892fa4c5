import type { EnergyRole } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import type { SampleInterval } from './settleInterval.ts';
import { Settlement } from './settlement.ts';
import type { SpanAccount } from './spanAccount.ts';

const nsPerMs = 1e6;

const interval = (role: EnergyRole, fromMs: number, toMs: number, watts: number): SampleInterval => ({
  fromNs: fromMs * nsPerMs,
  toNs: toMs * nsPerMs,
  watts: { [role]: { before: watts, mean: watts, after: watts } },
  isMean: false,
  isGap: false,
  uncertaintyNs: 0,
  periodNs: 50 * nsPerMs,
});

const life = (spanId: string, startMs: number, endMs: number) => ({
  spanId,
  startNs: startMs * nsPerMs,
  endNs: endMs * nsPerMs,
});

function settlementOf(...spans: readonly ReturnType<typeof life>[]): Settlement {
  const settlement = new Settlement();
  for (const span of spans) {
    settlement.start(span, 0);
    settlement.end(span);
  }
  return settlement;
}

describe('several meters', () => {
  it('keep the balance of each role within rounding, for any of their periods', () => {
    const spans = Array.from({ length: 50 }, (_, k) => life(`s${k}`, 17 * k, 17 * k + 40 + 11 * (k % 9)));
    const settlement = settlementOf(...spans);
    const accounts: SpanAccount[] = [];
    const joules = { system: 0, gpu: 0 };
    for (let ms = 0; ms < 1400; ms += 10) {
      if (ms % 50 === 0) settlement.add(interval('system', ms, ms + 50, 100 + (ms % 70)), 'board');
      if (ms % 70 === 0) settlement.add(interval('gpu', ms, ms + 70, 60 + (ms % 90)), 'gpu');
      if (ms % 50 === 0) joules.system += (100 + (ms % 70)) * 0.05;
      if (ms % 70 === 0) joules.gpu += (60 + (ms % 90)) * 0.07;
      accounts.push(...settlement.settle(ms * nsPerMs));
    }
    expect(accounts).toHaveLength(50);
    for (const role of ['system', 'gpu'] as const) {
      const self = accounts.reduce((sum, account) => sum + account.of(role, 'selfJoules'), 0);
      expect(self + settlement.balances[role].unattributed).toBeCloseTo(joules[role], 9);
    }
  });

  it('let a span wait for all that can measure it, and not for one that it is too short for', () => {
    const settlement = settlementOf(life('short', 0, 40), life('long', 0, 2000));
    const ids: string[] = [];
    for (let ms = 0; ms < 2500; ms += 50) {
      settlement.add(interval('system', ms, ms + 50, 100), 'board', 50 * nsPerMs);
      ids.push(...settlement.settle(ms * nsPerMs).map(({ spanId }) => spanId));
    }
    // No span waits for a meter that has given no interval.
    expect(ids).toEqual(['short', 'long']);

    const two = settlementOf(life('short', 0, 40), life('long', 0, 2000));
    two.add(interval('gpu', 0, 10, 60), 'gpu', 2000 * nsPerMs);
    for (let ms = 0; ms < 2500; ms += 50) two.add(interval('system', ms, ms + 50, 100), 'board', 50 * nsPerMs);
    expect(two.settle(0).map(({ spanId }) => spanId)).toEqual(['short']);
    two.drop('gpu');
    two.add(interval('system', 2500, 2550, 100), 'board', 50 * nsPerMs);
    expect(two.settle(0).map(({ spanId }) => spanId)).toEqual(['long']);
  });

  it('never measure the same time of a role twice, nor one span of a role together', () => {
    const settlement = settlementOf(life('a', 0, 300), life('b', 100, 300));
    settlement.add(interval('gpu', 0, 100, 50), 'first');
    settlement.add(interval('gpu', 50, 150, 1e6), 'second'); // overlaps
    settlement.add(interval('gpu', 150, 300, 60), 'second');
    const accounts = new Map(settlement.settle(0).map((account) => [account.spanId, account]));
    settlement.drop('first');
    settlement.add(interval('gpu', 300, 350, 60), 'second');
    for (const account of settlement.settle(0)) accounts.set(account.spanId, account);

    expect(accounts.get('a')?.of('gpu', 'joules')).toBeCloseTo(5, 9);
    expect(accounts.get('a')?.of('gpu', 'coveredNs')).toBe(100 * nsPerMs);
    expect(accounts.get('b')?.of('gpu', 'joules')).toBeCloseTo(4.5, 9);
    const { joules, attributed, unattributed, gapSeconds } = settlement.balances.gpu;
    expect(joules).toBeCloseTo(5 + 9 + 3, 9);
    expect(attributed + unattributed).toBeCloseTo(joules, 9);
    expect(gapSeconds).toBeCloseTo(0.05, 9);
  });
});
