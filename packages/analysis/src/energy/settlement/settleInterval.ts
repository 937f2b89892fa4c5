import { type EnergyRole, energyRoles } from '@benchlab-otel/core';
import { aliveTime } from './aliveTime.ts';
import type { Balance } from './balance.ts';
import { equalShares, type Part, type PartShares, weightedShares } from './parts.ts';
import type { SpanAccount } from './spanAccount.ts';
import type { SpanWeights } from './weights.ts';

/** Two samples of one meter that follow each other. */
export interface SampleInterval {
  readonly fromNs: number;
  readonly toNs: number;
  /** Watts at both ends, for the roles that the meter measured at both. */
  readonly watts: Readonly<Partial<Record<EnergyRole, readonly [number, number]>>>;
  /** Nothing is known of the time between them. */
  readonly isGap: boolean;
  /** Uncertainty of the time of its end, ns. */
  readonly uncertaintyNs: number;
  /** The larger of the sample period and the refresh period of the meter, ns. */
  readonly periodNs: number;
}

export interface SettleOptions {
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
 * error over one period T) times the square of the share. Where spans began or ended in it, power may have changed with
 * the shares: that adds step² · T² · s (1 − s) / 4. An uncertainty u of the clocks adds step² · u² at each edge.
 *
 * @param accounts spans alive in the interval, parents before the spans below them
 */
export function settleInterval(
  interval: SampleInterval,
  accounts: readonly SpanAccount[],
  { weights, baseline, balances }: SettleOptions,
): void {
  const { fromNs, toNs, isGap } = interval;
  const lives = accounts.map(({ span }) => [Math.max(span.startNs, fromNs), Math.min(span.endNs, toNs)] as const);
  for (const account of accounts) countSamples(account, interval);
  if (isGap) {
    for (const role of energyRoles) balances[role].gapSeconds += seconds(toNs - fromNs);
    return;
  }
  const parts = partsOf(accounts, lives);
  const alive = aliveTime(lives, fromNs, toNs);
  const equal = equalShares(parts);
  const byWeights = new Map<SpanWeights, PartShares | undefined>();
  for (const [k, account] of accounts.entries()) account.coveredNs += parts[k]?.aliveNs ?? 0;
  for (const role of energyRoles) {
    const pair = interval.watts[role];
    if (pair === undefined) continue;
    const chosen = weights?.[role];
    if (chosen !== undefined && !byWeights.has(chosen)) byWeights.set(chosen, sharesBy(chosen, accounts, parts, lives));
    const shares = chosen && byWeights.get(chosen);
    const own = chosen?.ownShare?.(fromNs, toNs);
    const balance = balances[role];
    const split = splitOf(pair, seconds(toNs - fromNs), seconds(alive.ns), alive, baseline?.[role], own ?? 1);
    balance.joules += split.joules;
    balance.idle += split.idle;
    if (split.joules < 0) balance.negative -= split.joules;
    const given = divide({ interval, role, pair, accounts, parts, lives, shares: shares ?? equal, split, alive });
    balance.attributed += given;
    balance.unattributed += split.joules - given;
    if (role === 'system') label(accounts, parts, shares ?? equal, shares !== undefined, seconds(alive.ns), own ?? 1);
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
  [p0, p1]: readonly [number, number],
  wholeSeconds: number,
  aliveSeconds: number,
  { atStart, atEnd }: { readonly atStart: boolean; readonly atEnd: boolean },
  baseline: number | undefined,
  own: number,
): Split {
  const mean = (p0 + p1) / 2;
  const outside = atStart === atEnd ? mean : atStart ? p1 : p0;
  const joules = mean * wholeSeconds;
  const inside = aliveSeconds > 0 ? joules - outside * (wholeSeconds - aliveSeconds) : 0;
  if (baseline === undefined) return { joules, idle: 0, shared: inside * own, active: 0 };
  const rest = baseline * aliveSeconds;
  const active = (inside - rest) * own;
  return { joules, idle: baseline * wholeSeconds, shared: rest + active, active };
}

interface Division {
  readonly interval: SampleInterval;
  readonly role: EnergyRole;
  readonly pair: readonly [number, number];
  readonly accounts: readonly SpanAccount[];
  readonly parts: readonly Part[];
  readonly lives: readonly (readonly [number, number])[];
  readonly shares: PartShares;
  readonly split: Split;
  readonly alive: { readonly ns: number; readonly hasEdges: boolean };
}

/** Adds to the accounts, and returns what the outermost spans and remainders got together. */
function divide({ interval, role, pair, accounts, parts, lives, shares, split, alive }: Division): number {
  const step2 = (pair[1] - pair[0]) ** 2;
  const period2 = seconds(Math.max(interval.toNs - interval.fromNs, interval.periodNs)) ** 2;
  const meanWatts = (pair[0] + pair[1]) / 2;
  let given = 0;
  for (const [k, account] of accounts.entries()) {
    const part = parts[k];
    if (part === undefined || part.aliveNs <= 0) continue;
    const total = shares.total[k] ?? 0;
    const entry = account.of(role);
    const joules = split.shared * total;
    entry.joules += joules;
    entry.selfJoules += split.shared * (shares.self[k] ?? 0);
    entry.activeJoules += split.active * total;
    given += split.shared * (shares.self[k] ?? 0);
    // The share of the power while the span was alive, as if power were even.
    const share = Math.min(1, (total * alive.ns) / part.aliveNs);
    const mixed = alive.hasEdges ? share * (1 - share) : 0;
    entry.variance += step2 * period2 * (share ** 2 / 12 + mixed / 4);
    const edges = edgesOf(lives[k], interval);
    if (edges > 0) {
      const clock2 = seconds(account.uncertaintyNs) ** 2 + seconds(interval.uncertaintyNs) ** 2;
      entry.variance += edges * step2 * share ** 2 * clock2;
      entry.edges += edges;
      entry.edgeSteps += edges * step2 * share ** 2;
    }
    const alone = seconds(part.aliveNs);
    const watts = meanWatts * share;
    entry.seconds += alone;
    entry.wattSeconds += watts * alone;
    entry.watt2Seconds += watts * watts * alone;
  }
  return given;
}

function edgesOf(life: readonly [number, number] | undefined, { fromNs, toNs }: SampleInterval): number {
  return life === undefined ? 0 : Number(life[0] > fromNs) + Number(life[1] < toNs);
}

/** Counts the samples at the ends of the interval that were taken while the span ran, each once. */
function countSamples(account: SpanAccount, { fromNs, toNs }: SampleInterval): void {
  const { startNs, endNs } = account.span;
  if (startNs <= toNs && endNs >= toNs) account.samples++;
  if (startNs === fromNs) account.samples++;
}

function partsOf(accounts: readonly SpanAccount[], lives: readonly (readonly [number, number])[]): Part[] {
  for (const [k, account] of accounts.entries()) account.index = k;
  const parts = accounts.map((account, k): Part => {
    const [start, end] = lives[k] ?? [0, 0];
    let above = account.parent;
    while (above !== undefined && above.index < 0) above = above.parent;
    const parent = above?.index ?? -1;
    const [from, to] = lives[parent] ?? [0, 0];
    const withParentNs = parent < 0 ? 0 : Math.max(0, Math.min(end, to) - Math.max(start, from));
    return { parent, aliveNs: Math.max(0, end - start), withParentNs };
  });
  for (const account of accounts) account.index = -1;
  return parts;
}

/** Undefined where the weight of a span is not known or is not a weight, or where all are 0: then shares are equal. */
function sharesBy(
  weights: SpanWeights,
  accounts: readonly SpanAccount[],
  parts: readonly Part[],
  lives: readonly (readonly [number, number])[],
): PartShares | undefined {
  const values = new Float64Array(accounts.length);
  let isKnown = true;
  for (const [k, account] of accounts.entries()) {
    const [from, to] = lives[k] ?? [0, 0];
    if (!((parts[k]?.aliveNs ?? 0) > 0)) continue;
    const weight = weights.isKnownAtEnd ? evenly(weights, account, to - from) : growth(weights, account);
    if (weight === undefined || !Number.isFinite(weight) || weight < 0) isKnown = false;
    else values[k] = weight;
  }
  return isKnown ? weightedShares(parts, values) : undefined;
}

function evenly(weights: SpanWeights, { span }: SpanAccount, ns: number): number | undefined {
  const whole = weights.selfOf(span);
  return whole === undefined ? undefined : (whole * ns) / (span.endNs - span.startNs);
}

function growth(weights: SpanWeights, account: SpanAccount): number | undefined {
  const reached = weights.selfOf(account.span);
  if (reached === undefined) return undefined;
  const before = account.weightSeen.get(weights) ?? 0;
  account.weightSeen.set(weights, reached);
  return reached - before;
}

/** Keeps for each span whether it shared the interval, and how it was divided. */
function label(
  accounts: readonly SpanAccount[],
  parts: readonly Part[],
  { total }: PartShares,
  isWeighted: boolean,
  aliveSeconds: number,
  own: number,
): void {
  for (const [k, account] of accounts.entries()) {
    const aliveNs = parts[k]?.aliveNs ?? 0;
    if (aliveNs <= 0) continue;
    const share = ((total[k] ?? 0) * aliveSeconds) / seconds(aliveNs);
    if (share > 1 - 1e-9 && own >= 1) continue;
    account.sharedNs += aliveNs;
    if (isWeighted) account.weightedNs += aliveNs;
    else account.equalNs += aliveNs;
  }
}
