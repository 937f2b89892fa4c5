import { type EnergyRole, energyRoles, type PowerBoundary, type Source } from '@benchlab-otel/core';
import type { SpanAccount } from './settlement/spanAccount.ts';

/** Energy of one operation on the rails of one role. */
export interface RoleEnergy {
  /** What the rails delivered while it ran, or its share of that; the operations below it included. */
  readonly joules: number;
  /** Without the operations below it. */
  readonly selfJoules: number;
  /** What of `joules` is beyond the baseline; only with one. */
  readonly activeJoules?: number;
  /** Standard error of `joules`, from where the samples fell, from the clocks, and from time without samples. */
  readonly stderr: number;
  /** Mean square of the steps of its share of the power at its two edges, W²: what its error grows with. */
  readonly edgeSteps: number;
}

/** What samples say about the energy of one operation. */
export interface SpanEnergy {
  readonly source: Source;
  readonly boundary: PowerBoundary;
  /** `direct` when the operation had the bench to itself, `apportioned` when it shared it. */
  readonly method: 'direct' | 'apportioned';
  readonly nature: 'measured' | 'apportioned' | 'simulated';
  /** By what it shared the bench: the name of the weights, `equal`, or `mixed`; absent when it shared it with none. */
  readonly weights?: string;
  /** Share of the duration that valid samples cover, 0 to 1. */
  readonly coverage: number;
  /** Samples taken while it ran. */
  readonly samples: number;
  readonly durationNs: number;
  readonly periodNs: number;
  /** Estimates by role; empty where coverage is under `minCoverage`. */
  readonly roles: Readonly<Partial<Record<EnergyRole, RoleEnergy>>>;
  /** It lasted at least one sample period and a sample fell into it, so its figures stand on their own. */
  readonly resolved: boolean;
}

/** Under this coverage there is no figure: a gap is not filled with a guess. */
export const minCoverage = 0.95;

export interface MeteredAccount {
  readonly account: SpanAccount;
  readonly source: Source;
  readonly periodNs: number;
  /** The name of the weights that the settlement had. */
  readonly weights?: string | undefined;
  readonly hasBaseline?: boolean;
}

/** The energy of one span from its account. Undefined where no sample interval touched it. */
export function spanEnergyOf({
  account,
  source,
  periodNs,
  weights,
  hasBaseline = false,
}: MeteredAccount): SpanEnergy | undefined {
  const { span, coveredNs, samples } = account;
  const durationNs = span.endNs - span.startNs;
  if (!(durationNs > 0) || !Number.isFinite(durationNs)) return undefined;
  const coverage = Math.min(1, coveredNs / durationNs);
  const roles: Partial<Record<EnergyRole, RoleEnergy>> = {};
  for (const role of energyRoles) {
    const seconds = account.of(role, 'seconds');
    // A role that was not measured over all covered time has no figure.
    if (!(seconds > 0) || coverage < minCoverage || seconds * 1e9 < coveredNs * (1 - 1e-9) - 1) continue;
    roles[role] = roleEnergy(account, role, durationNs * 1e-9, hasBaseline);
  }
  // Across processes, operations that follow each other seem to overlap by as much as their times are uncertain.
  const isShared = account.sharedNs > Math.max(account.uncertaintyNs, leastSharedNs);
  const method = isShared ? 'apportioned' : 'direct';
  return {
    source,
    boundary: source.boundary ?? 'dc_rails',
    method,
    nature: source.simulated ? 'simulated' : isShared ? 'apportioned' : 'measured',
    ...(isShared ? { weights: weightsOf(account, weights) } : {}),
    coverage,
    samples,
    durationNs,
    periodNs,
    roles,
    resolved: samples > 0 && durationNs >= periodNs,
  };
}

/** Less than this is rounding, ns. */
const leastSharedNs = 1;

/** Where both kinds of shares took part, the smaller one counts from this share of the shared time on. */
const mixedFrom = 0.05;

function weightsOf({ weightedNs, equalNs }: SpanAccount, name: string | undefined): string {
  const equal = equalNs / (weightedNs + equalNs);
  if (name === undefined || equal > 1 - mixedFrom) return 'equal';
  return equal > mixedFrom ? 'mixed' : name;
}

/** No meter is finer than single precision, which keeps 24 bits. */
const relativeStep = 2 ** -23;

/**
 * The time of the span that no sample covers is taken at the mean power of the rest. That power may have been anything
 * from 0 to twice the mean (uniform, so mean² / 3), or what it was in the covered time, whichever is wider.
 */
function roleEnergy(account: SpanAccount, role: EnergyRole, durationSeconds: number, hasBaseline: boolean): RoleEnergy {
  const seconds = account.of(role, 'seconds');
  const meanWatts = account.of(role, 'joules') / seconds;
  const seen = account.of(role, 'watt2Seconds') / seconds - (account.of(role, 'wattSeconds') / seconds) ** 2;
  const gap = Math.max(0, durationSeconds - seconds);
  const gapVariance = gap ** 2 * Math.max(seen, meanWatts ** 2 / 3);
  // No figure is exact: at the least it is rounded.
  const rounding = (relativeStep * meanWatts * durationSeconds) ** 2 / 12;
  const scale = durationSeconds / seconds;
  const edges = account.of(role, 'edges');
  return {
    joules: account.of(role, 'joules') * scale,
    selfJoules: account.of(role, 'selfJoules') * scale,
    ...(hasBaseline ? { activeJoules: account.of(role, 'activeJoules') * scale } : {}),
    stderr: Math.sqrt(account.of(role, 'variance') + gapVariance + rounding),
    edgeSteps: edges === 0 ? 0 : account.of(role, 'edgeSteps') / edges,
  };
}
