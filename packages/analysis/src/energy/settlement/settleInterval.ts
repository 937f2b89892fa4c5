import { type EnergyRole, energyRoles } from '@benchlab-otel/core';
import { aliveTime } from './aliveTime.ts';
import type { Balance } from './balance.ts';
import { equalShares, type PartShares, type Parts, weightedShares } from './parts.ts';
import { offsets, type SpanAccount, sum } from './spanAccount.ts';
import { ownShareOf, type SpanWeights, weightOf } from './weights.ts';

/** Power of an interval, W: its mean, and what is known of the power before and after it. */
export interface IntervalWatts {
  readonly before: number;
  readonly mean: number;
  readonly after: number;
}

/** The time between two samples of one meter that follow each other. */
export interface SampleInterval {
  readonly fromNs: number;
  readonly toNs: number;
  /** For the roles that the meter measured all along. */
  readonly watts: Readonly<Partial<Record<EnergyRole, IntervalWatts>>>;
  /** The meter shows the mean over the interval, so its energy is known, and only where within it power changed is not. */
  readonly isMean: boolean;
  /** Nothing is known of the time between them. */
  readonly isGap: boolean;
  /** Uncertainty of the time of its end, ns. */
  readonly uncertaintyNs: number;
  /** The larger of the sample period and the refresh period of the meter, ns. */
  readonly periodNs: number;
}

/** What weights that are known while spans run grew by in an interval, for each span. */
export type Growths = ReadonlyMap<SpanWeights, ReadonlyMap<SpanAccount, number | undefined>>;

export interface SettleOptions {
  readonly growths?: Growths | undefined;
  readonly weights?: Readonly<Partial<Record<EnergyRole, SpanWeights>>> | undefined;
  /** Watts of the bench at rest, from a stated source. */
  readonly baseline?: Readonly<Partial<Record<EnergyRole, number>>> | undefined;
  readonly balances: Record<EnergyRole, Balance>;
}

const seconds = (ns: number): number => ns * 1e-9;

/**
 * Divides the energy of one interval between two samples among the spans alive in it, once.
 *
 * Power is known at the samples only. Where spans were alive at one end and none at the other, the time without spans
 * has the power of that other sample: with edges that fall at random between samples this has no bias, where cutting the
 * trapezoid at the edges would lose energy of every pulse. Else the time without spans has the mean power.
 *
 * Where within the interval power changed is not visible, so each interval adds a variance of step² · T² / 12 (a uniform
 * error over one period T) times the square of the share; with a meter that averages, only one in which the span began or
 * ended. Where spans began or ended in it, power may have changed with
 * the shares: that adds step² · T² · s (1 − s) / 4. An uncertainty u of the clocks adds step² · u² at each edge.
 *
 * @param accounts spans alive in the interval, parents before the spans below them
 */
export function settleInterval(
  interval: SampleInterval,
  accounts: readonly SpanAccount[],
  { weights, baseline, balances, growths }: SettleOptions,
): void {
  const { fromNs, toNs, isGap } = interval;
  for (const account of accounts) countSamples(account, interval);
  if (isGap) {
    for (const role of energyRoles) balances[role].gapSeconds += seconds(toNs - fromNs);
    return;
  }
  const lives = livesOf(accounts, fromNs, toNs);
  const parts = partsOf(accounts, lives);
  const alive = aliveTime(lives.starts, lives.ends, fromNs, toNs);
  const equal = equalShares(parts);
  const byWeights = new Map<SpanWeights, PartShares | undefined>();
  for (let k = 0; k < accounts.length; k++) {
    const account = accounts[k];
    if (account !== undefined) account.coveredNs += parts.aliveNs[k] ?? 0;
  }
  for (const role of energyRoles) {
    const watts = interval.watts[role];
    if (watts === undefined) continue;
    const chosen = weights?.[role];
    if (chosen !== undefined && !byWeights.has(chosen)) {
      byWeights.set(chosen, sharesBy(chosen, accounts, parts, growths?.get(chosen)));
    }
    const shares = chosen && byWeights.get(chosen);
    const own = ownShareOf(chosen, fromNs, toNs);
    const balance = balances[role];
    const split = splitOf(
      watts,
      seconds(toNs - fromNs),
      seconds(alive.ns),
      alive,
      baseline?.[role],
      own,
      shares !== undefined,
    );
    balance.joules += split.joules;
    balance.idle += split.idle;
    if (split.joules < 0) balance.negative -= split.joules;
    const given = divide({ interval, role, watts, accounts, parts, lives, shares: shares ?? equal, split, alive });
    balance.attributed += given;
    balance.unattributed += split.joules - given;
    if (role === 'system') label(accounts, parts, shares ?? equal, shares !== undefined, alive.ns, own);
  }
}

interface Split {
  /** Of the whole interval. */
  readonly joules: number;
  readonly idle: number;
  /** For the spans, and of that what is beyond the baseline. */
  readonly shared: number;
  readonly active: number;
}

function splitOf(
  { before, mean, after }: IntervalWatts,
  wholeSeconds: number,
  aliveSeconds: number,
  { atStart, atEnd }: { readonly atStart: boolean; readonly atEnd: boolean },
  baseline: number | undefined,
  own: number,
  isWeighted: boolean,
): Split {
  const outside = atStart === atEnd ? mean : atStart ? after : before;
  const joules = mean * wholeSeconds;
  const inside = aliveSeconds > 0 ? joules - outside * (wholeSeconds - aliveSeconds) : 0;
  if (baseline === undefined) return { joules, idle: 0, shared: inside * own, active: 0 };
  const rest = baseline * aliveSeconds;
  // Weights show that the spans did the work of the interval, so what is beyond the baseline is theirs, wherever it fell.
  const beyond = isWeighted && aliveSeconds > 0 ? joules - baseline * wholeSeconds : inside - rest;
  const active = beyond * own;
  return { joules, idle: baseline * wholeSeconds, shared: rest + active, active };
}

/** The life of each span, cut to the interval, ns. */
interface Lives {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

interface Division {
  readonly interval: SampleInterval;
  readonly role: EnergyRole;
  readonly watts: IntervalWatts;
  readonly accounts: readonly SpanAccount[];
  readonly parts: Parts;
  readonly lives: Lives;
  readonly shares: PartShares;
  readonly split: Split;
  readonly alive: { readonly ns: number; readonly hasEdges: boolean };
}

/** Adds to the accounts, and returns what the spans got together. */
function divide({ interval, role, watts, accounts, parts, lives, shares, split, alive }: Division): number {
  const { fromNs, toNs, uncertaintyNs, periodNs, isMean } = interval;
  const { before, mean, after } = watts;
  const step2 = isMean ? Math.max((mean - before) ** 2, (after - mean) ** 2) : (after - before) ** 2;
  const period2 = seconds(Math.max(toNs - fromNs, periodNs)) ** 2;
  const at = offsets[role];
  let given = 0;
  for (let k = 0; k < accounts.length; k++) {
    const account = accounts[k];
    const aliveNs = parts.aliveNs[k] ?? 0;
    if (account === undefined || aliveNs <= 0) continue;
    const { sums } = account;
    const add = (field: number, value: number) => {
      sums[at + field] = (sums[at + field] ?? 0) + value;
    };
    const total = shares.total[k] ?? 0;
    const own = split.shared * (shares.self[k] ?? 0);
    given += own;
    add(sum.joules, split.shared * total);
    add(sum.selfJoules, own);
    add(sum.activeJoules, split.active * total);
    // The share of the power while the span was alive, as if power were even.
    const share = Math.min(1, (total * alive.ns) / aliveNs);
    const edges = Number((lives.starts[k] ?? 0) > fromNs) + Number((lives.ends[k] ?? 0) < toNs);
    const mixed = alive.hasEdges ? share * (1 - share) : 0;
    const placed = isMean && edges === 0 ? 0 : share ** 2;
    add(sum.variance, step2 * period2 * (placed / 12 + mixed / 4));
    if (edges > 0) {
      const clock2 = seconds(account.uncertaintyNs) ** 2 + seconds(uncertaintyNs) ** 2;
      add(sum.variance, edges * step2 * share ** 2 * clock2);
      add(sum.edges, edges);
      add(sum.edgeSteps, edges * step2 * share ** 2);
    }
    const shareWatts = mean * share;
    add(sum.seconds, seconds(aliveNs));
    add(sum.wattSeconds, shareWatts * seconds(aliveNs));
    add(sum.watt2Seconds, shareWatts * shareWatts * seconds(aliveNs));
  }
  return given;
}

function livesOf(accounts: readonly SpanAccount[], fromNs: number, toNs: number): Lives {
  const starts = new Float64Array(accounts.length);
  const ends = new Float64Array(accounts.length);
  for (let k = 0; k < accounts.length; k++) {
    const span = accounts[k]?.span;
    if (span === undefined) continue;
    starts[k] = Math.max(span.startNs, fromNs);
    ends[k] = Math.min(span.endNs, toNs);
  }
  return { starts, ends };
}

/** Counts the samples at the ends of the interval that were taken while the span ran, each once. */
function countSamples(account: SpanAccount, { fromNs, toNs }: SampleInterval): void {
  const { startNs, endNs } = account.span;
  if (startNs <= toNs && endNs >= toNs) account.samples++;
  if (startNs === fromNs) account.samples++;
}

function partsOf(accounts: readonly SpanAccount[], { starts, ends }: Lives): Parts {
  const { length } = accounts;
  const parents = new Int32Array(length);
  const aliveNs = new Float64Array(length);
  const withParentNs = new Float64Array(length);
  for (let k = 0; k < length; k++) {
    const account = accounts[k];
    if (account === undefined) continue;
    account.index = k;
    const [start, end] = [starts[k] ?? 0, ends[k] ?? 0];
    aliveNs[k] = Math.max(0, end - start);
    // Accounts stand in the order of their start, so those above this one have their index already.
    let above = account.parent;
    while (above !== undefined && above.index < 0) above = above.parent;
    const parent = above?.index ?? -1;
    parents[k] = parent;
    if (parent < 0) continue;
    withParentNs[k] = Math.max(0, Math.min(end, ends[parent] ?? 0) - Math.max(start, starts[parent] ?? 0));
  }
  for (const account of accounts) account.index = -1;
  return { length, parents, aliveNs, withParentNs };
}

/** Undefined where the weight of a span is not known or is not a weight, or where all are 0: then shares are equal. */
function sharesBy(
  weights: SpanWeights,
  accounts: readonly SpanAccount[],
  parts: Parts,
  growth: ReadonlyMap<SpanAccount, number | undefined> | undefined,
): PartShares | undefined {
  const values = new Float64Array(accounts.length);
  let isKnown = true;
  for (let k = 0; k < accounts.length; k++) {
    const account = accounts[k];
    const aliveNs = parts.aliveNs[k] ?? 0;
    if (account === undefined || aliveNs <= 0) continue;
    const weight = growth === undefined ? evenly(weights, account, aliveNs) : growth.get(account);
    if (weight === undefined || !Number.isFinite(weight) || weight < 0) isKnown = false;
    else values[k] = weight;
  }
  return isKnown ? weightedShares(parts, values) : undefined;
}

function evenly(weights: SpanWeights, { span }: SpanAccount, ns: number): number | undefined {
  const whole = weightOf(weights, span);
  return whole === undefined ? undefined : (whole * ns) / (span.endNs - span.startNs);
}

/**
 * Keeps for each span how much of its time in the interval others had, and by what it was divided. Spans that follow each
 * other overlap a little where their times are rounded, so a little is not yet sharing.
 */
function label(
  accounts: readonly SpanAccount[],
  parts: Parts,
  { total }: PartShares,
  isWeighted: boolean,
  aliveNs: number,
  own: number,
): void {
  for (let k = 0; k < accounts.length; k++) {
    const account = accounts[k];
    const ns = parts.aliveNs[k] ?? 0;
    if (account === undefined || ns <= 0) continue;
    const share = Math.min(1, ((total[k] ?? 0) * aliveNs) / ns) * own;
    const othersNs = ns * (1 - share);
    account.sharedNs += othersNs;
    if (isWeighted) account.weightedNs += othersNs;
    else account.equalNs += othersNs;
  }
}
