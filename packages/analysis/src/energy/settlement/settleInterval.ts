import { type EnergyRole, energyRoles } from '@benchlab-otel/core';
import { type AliveTime, aliveTime } from './aliveTime.ts';
import type { Balance } from './balance.ts';
import { type Lives, livesOf, partsOf } from './lives.ts';
import { equalShares, type PartShares, type Parts, weightedShares } from './parts.ts';
import { offsets, type SpanAccount, sum } from './spanAccount.ts';
import { isWeight, ownShareOf, type SpanWeights, weightOf } from './weights.ts';

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
  /** The meter shows means over windows of this length, ns: a step of power is smeared over it. */
  readonly smearNs?: number;
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
  /** The number of the meter, from 1. A span stays with the first one that it was measured with, for each role. */
  readonly meter: number;
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
  { weights, baseline, balances, growths, meter }: SettleOptions,
): void {
  const { fromNs, toNs, isGap } = interval;
  if (isGap) {
    for (const role of energyRoles)
      if (interval.watts[role] !== undefined) countSamples(accounts, role, interval, meter);
    return;
  }
  const lives = livesOf(accounts, fromNs, toNs);
  const parts = partsOf(accounts, lives);
  const alive = aliveTime(lives.starts, lives.ends, fromNs, toNs);
  const byWeights = new Map<SpanWeights, PartShares | undefined>();
  let equal: PartShares | undefined;
  for (const role of energyRoles) {
    const watts = interval.watts[role];
    if (watts === undefined) continue;
    const chosen = weights?.[role];
    if (chosen !== undefined && !byWeights.has(chosen)) {
      byWeights.set(chosen, sharesBy(chosen, accounts, parts, growths?.get(chosen)));
    }
    const weighted = chosen && byWeights.get(chosen);
    equal ??= weighted === undefined ? equalShares(parts) : undefined;
    const shares = weighted ?? equal ?? equalShares(parts);
    const own = ownShareOf(chosen, fromNs, toNs);
    const balance = balances[role];
    const isWeighted = weighted !== undefined;
    const split = splitOf({ watts, interval, alive, baseline: baseline?.[role], own, isWeighted });
    balance.joules += split.joules;
    balance.idle += split.idle;
    if (split.joules < 0) balance.negative -= split.joules;
    const given = divide({
      interval,
      role,
      watts,
      accounts,
      parts,
      lives,
      shares,
      isWeighted,
      own,
      split,
      alive,
      meter,
    });
    balance.attributed += given;
    balance.unattributed += split.joules - given;
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

interface SplitInput {
  readonly watts: IntervalWatts;
  readonly interval: SampleInterval;
  readonly alive: AliveTime;
  readonly baseline: number | undefined;
  readonly own: number;
  readonly isWeighted: boolean;
}

function splitOf({ watts, interval, alive, baseline, own, isWeighted }: SplitInput): Split {
  const { before, mean, after } = watts;
  const wholeSeconds = seconds(interval.toNs - interval.fromNs);
  const aliveSeconds = seconds(alive.ns);
  const outside = alive.atStart === alive.atEnd ? mean : alive.atStart ? after : before;
  const joules = mean * wholeSeconds;
  const inside = aliveSeconds > 0 ? joules - outside * (wholeSeconds - aliveSeconds) : 0;
  if (baseline === undefined) return { joules, idle: 0, shared: inside * own, active: 0 };
  const rest = baseline * aliveSeconds;
  // Weights show that the spans did the work of the interval, so what is beyond the baseline is theirs, wherever it fell.
  const beyond = isWeighted && aliveSeconds > 0 ? joules - baseline * wholeSeconds : inside - rest;
  const active = beyond * own;
  return { joules, idle: baseline * wholeSeconds, shared: rest + active, active };
}

interface Division {
  readonly interval: SampleInterval;
  readonly role: EnergyRole;
  readonly watts: IntervalWatts;
  readonly accounts: readonly SpanAccount[];
  readonly parts: Parts;
  readonly lives: Lives;
  readonly shares: PartShares;
  readonly isWeighted: boolean;
  readonly own: number;
  readonly split: Split;
  readonly alive: AliveTime;
  readonly meter: number;
}

/**
 * Adds to the accounts, and returns what the spans got together. Keeps for each span how much of its time in the
 * interval others had, and whether that was divided by weights.
 */
function divide(division: Division): number {
  const { interval, role, watts, accounts, parts, lives, shares, isWeighted, own, split, alive, meter } = division;
  const { fromNs, toNs, uncertaintyNs, periodNs, isMean, smearNs = 0 } = interval;
  const { before, mean, after } = watts;
  const step2 = isMean ? Math.max((mean - before) ** 2, (after - mean) ** 2) : (after - before) ** 2;
  const period2 = seconds(Math.max(toNs - fromNs, periodNs, smearNs)) ** 2;
  const isPlacedByEdges = isMean || smearNs > 0;
  const at = offsets[role];
  let given = 0;
  for (let k = 0; k < accounts.length; k++) {
    const account = accounts[k];
    if (account === undefined) continue;
    const { sums } = account;
    const known = sums[at + sum.meter] ?? 0;
    if (known === 0) sums[at + sum.meter] = meter;
    else if (known !== meter) continue;
    const aliveNs = parts.aliveNs[k] ?? 0;
    const total = shares.total[k] ?? 0;
    const self = split.shared * (shares.self[k] ?? 0);
    given += self;
    add(sums, at + sum.joules, split.shared * total);
    add(sums, at + sum.selfJoules, self);
    add(sums, at + sum.activeJoules, split.active * total);
    // The share of the power while the span was alive, as if power were even.
    const share = Math.min(1, (total * alive.ns) / aliveNs);
    // A smeared edge lies in its window, also where the span began or ended exactly at a sample.
    const edges =
      smearNs > 0
        ? Number(account.startNs >= fromNs) + Number(account.endNs <= toNs)
        : Number((lives.starts[k] ?? 0) > fromNs) + Number((lives.ends[k] ?? 0) < toNs);
    const mixed = alive.hasEdges ? share * (1 - share) : 0;
    const placed = isPlacedByEdges && edges === 0 ? 0 : share * share;
    add(sums, at + sum.variance, step2 * period2 * (placed / 12 + mixed / 4));
    if (edges > 0) {
      const steps = edges * step2 * share * share;
      add(sums, at + sum.variance, steps * (seconds(account.uncertaintyNs) ** 2 + seconds(uncertaintyNs) ** 2));
      add(sums, at + sum.edges, edges);
      add(sums, at + sum.edgeSteps, steps);
    }
    const shareWatts = mean * share;
    add(sums, at + sum.coveredNs, aliveNs);
    add(sums, at + sum.wattSeconds, shareWatts * seconds(aliveNs));
    add(sums, at + sum.watt2Seconds, shareWatts * shareWatts * seconds(aliveNs));
    add(sums, at + sum.samples, samplesIn(account, fromNs, toNs));
    // Spans that follow each other overlap a little where their times are rounded, so a little is not yet sharing.
    const othersNs = aliveNs * (1 - share * own);
    add(sums, at + sum.sharedNs, othersNs);
    if (isWeighted) add(sums, at + sum.weightedNs, othersNs);
  }
  return given;
}

function add(sums: number[], place: number, value: number): void {
  sums[place] = (sums[place] ?? 0) + value;
}

/** The samples at the ends of a gap were taken all the same. */
function countSamples(
  accounts: readonly SpanAccount[],
  role: EnergyRole,
  { fromNs, toNs }: SampleInterval,
  meter: number,
): void {
  const at = offsets[role];
  for (const account of accounts) {
    const known = account.sums[at + sum.meter];
    if (known === 0 || known === meter) add(account.sums, at + sum.samples, samplesIn(account, fromNs, toNs));
  }
}

/** Samples at the ends of the interval that were taken while the span ran, each once. */
function samplesIn({ startNs, endNs }: SpanAccount, fromNs: number, toNs: number): number {
  return Number(startNs <= toNs && endNs >= toNs) + Number(startNs === fromNs);
}

/** Undefined where the weight of a span is not known or is not a weight, or where all are 0: then shares are equal. */
function sharesBy(
  weights: SpanWeights,
  accounts: readonly SpanAccount[],
  parts: Parts,
  growth: ReadonlyMap<SpanAccount, number | undefined> | undefined,
): PartShares | undefined {
  const values = new Float64Array(accounts.length);
  for (let k = 0; k < accounts.length; k++) {
    const account = accounts[k];
    if (account === undefined) continue;
    const weight = growth === undefined ? evenly(weights, account, parts.aliveNs[k] ?? 0) : growth.get(account);
    if (!isWeight(weight)) return undefined;
    values[k] = weight;
  }
  return weightedShares(parts, values);
}

function evenly(weights: SpanWeights, account: SpanAccount, ns: number): number | undefined {
  const whole = weightOf(weights, account.span);
  return isWeight(whole) ? (whole * ns) / (account.endNs - account.startNs) : undefined;
}
