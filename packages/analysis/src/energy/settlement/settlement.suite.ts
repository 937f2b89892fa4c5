import type { SampleInterval } from './settleInterval.ts';
import { Settlement, type SettlementOptions } from './settlement.ts';
import type { SpanAccount } from './spanAccount.ts';
import type { Interval, SpanWeights } from './weights.ts';

export const nsPerMs = 1e6;

// A fixed sequence instead of Math.random, so that a failure can be repeated (mulberry32).
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function interval(fromMs: number, toMs: number, p0: number, p1: number, isGap = false): SampleInterval {
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

export const span = (spanId: string, startMs: number, endMs: number, parentSpanId?: string): Interval => ({
  spanId,
  startNs: startMs * nsPerMs,
  endNs: endMs * nsPerMs,
  ...(parentSpanId === undefined ? {} : { parentSpanId }),
});

/** Settles 100 W over intervals of 50 ms among these spans. */
export function settled(spans: readonly Interval[], options: SettlementOptions = {}, untilMs = 1000) {
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
export const sharedOf = (account: SpanAccount | undefined) => [
  account?.of('system', 'sharedNs'),
  account?.of('system', 'weightedNs'),
];

/** Weights that are given for each span. */
export const given = (values: Readonly<Record<string, number | undefined>>): SpanWeights => ({
  name: 'given',
  isKnownAtEnd: true,
  selfOf: ({ spanId }) => values[spanId],
});
