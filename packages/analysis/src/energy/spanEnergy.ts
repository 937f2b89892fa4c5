import { type EnergyRole, energyRoles, type PowerBoundary, type Source } from '@benchlab-otel/core';
import type { RoleMeter } from './roleMeter.ts';
import type { SpanAccount } from './settlement/spanAccount.ts';
import { statedMeterStderr } from './statedMeterStderr.ts';

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
  /** Standard error of `joules` from the meter's own gain and offset; absent where these are not stated. */
  readonly meterStderr?: number;
  /** By what the operation shared this role, where that is not what `SpanEnergy.weights` has. */
  readonly weights?: string;
  /** Mean square of the steps of its share of the power at its two edges, W²: what its error grows with. */
  readonly edgeSteps: number;
}

/** How the energy of an operation was measured. */
export interface EnergyProvenance {
  readonly source: Source;
  readonly boundary: PowerBoundary;
  /**
   * `apportioned` when the operation shared the bench. Alone on it: `counter` when the device counts energy itself,
   * else `direct`.
   */
  readonly method: 'direct' | 'apportioned' | 'counter';
  readonly nature: 'measured' | 'apportioned' | 'simulated';
  /** By what it shared the bench: the name of the weights, `equal`, or `mixed`; absent when it shared it with none. */
  readonly weights?: string;
  /** Share of the duration that valid samples cover, 0 to 1. */
  readonly coverage: number;
  /** Samples taken while it ran. */
  readonly samples: number;
}

/** What samples say about the energy of one operation. */
export interface SpanEnergy extends EnergyProvenance {
  readonly durationNs: number;
  readonly periodNs: number;
  /** Estimates by role; empty where coverage is under `minCoverage`. */
  readonly roles: Readonly<Partial<Record<EnergyRole, RoleEnergy>>>;
  /** How roles were measured that have a meter of their own. Such a role has an estimate only where that is resolved. */
  readonly otherMeters?: Readonly<Partial<Record<EnergyRole, EnergyProvenance>>>;
  /** It lasted at least one step of the meter and a sample fell into it, so its figures stand on their own. */
  readonly resolved: boolean;
}

/** The least coverage of a span that has a figure: gaps in the samples are not filled with guesses. */
export const minCoverage = 0.95;

/**
 * The energy of one span from its account. The meter of the first role that is measured is the main one. Undefined where
 * no sample interval touched the span.
 *
 * @param meters by the numbers that the account knows them by
 */
export function spanEnergyOf(
  account: SpanAccount,
  meters: (number: number) => RoleMeter | undefined,
): SpanEnergy | undefined {
  const durationNs = account.endNs - account.startNs;
  if (!(durationNs > 0) || !Number.isFinite(durationNs)) return undefined;
  const mainRole = energyRoles.find((role) => meters(account.of(role, 'meter')) !== undefined);
  const mainNumber = mainRole === undefined ? 0 : account.of(mainRole, 'meter');
  const mainMeter = meters(mainNumber);
  if (mainRole === undefined || mainMeter === undefined) return undefined;
  const main = provenanceOf(account, mainRole, mainMeter, durationNs);
  const roles: Partial<Record<EnergyRole, RoleEnergy>> = {};
  let otherMeters: Partial<Record<EnergyRole, EnergyProvenance>> | undefined;
  for (const role of energyRoles) {
    const number = account.of(role, 'meter');
    const isMain = number === mainNumber;
    const meter = isMain ? mainMeter : meters(number);
    if (meter === undefined) continue;
    if (!isMain) {
      // A span that is too short for a meter does not wait for it, so what it has of it is not whole.
      if (durationNs < meter.leastNs) continue;
      otherMeters ??= {};
      otherMeters[role] = provenanceOf(account, role, meter, durationNs);
      if (!isResolved(account, role, meter, durationNs)) continue;
    }
    const coverage = Math.min(1, account.of(role, 'coveredNs') / durationNs);
    // A role that was not measured over all the time that its meter covered has no figure.
    if (coverage < minCoverage || (isMain && coverage < main.coverage - rounding)) continue;
    roles[role] = roleEnergy({ account, role, meter, durationNs, mainWeights: main.weights });
  }
  // Written out: this runs for every span, and a spread of an object costs a microsecond.
  const energy: Mutable<SpanEnergy> = {
    source: main.source,
    boundary: main.boundary,
    method: main.method,
    nature: main.nature,
    coverage: main.coverage,
    samples: main.samples,
    durationNs,
    periodNs: mainMeter.periodNs,
    roles,
    resolved: isResolved(account, mainRole, mainMeter, durationNs),
  };
  if (main.weights !== undefined) energy.weights = main.weights;
  if (otherMeters !== undefined) energy.otherMeters = otherMeters;
  return energy;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** Of a share that was added up over many intervals. */
const rounding = 1e-9;

function isResolved(account: SpanAccount, role: EnergyRole, meter: RoleMeter, durationNs: number): boolean {
  return account.of(role, 'samples') > 0 && durationNs >= meter.leastNs;
}

/** Less than this is rounding, ns. */
const leastSharedNs = 1;

function provenanceOf(account: SpanAccount, role: EnergyRole, meter: RoleMeter, durationNs: number): EnergyProvenance {
  const { source, isCounter } = meter;
  const weights = sharedBy(account, role, meter);
  const isShared = weights !== undefined;
  const provenance: Mutable<EnergyProvenance> = {
    source,
    boundary: source.boundary ?? 'dc_rails',
    method: isShared ? 'apportioned' : isCounter ? 'counter' : 'direct',
    nature: source.simulated ? 'simulated' : isShared ? 'apportioned' : 'measured',
    coverage: Math.min(1, account.of(role, 'coveredNs') / durationNs),
    samples: account.of(role, 'samples'),
  };
  if (isShared) provenance.weights = weights;
  return provenance;
}

/** Where both kinds of shares took part, the smaller one counts from this share of the shared time on. */
const mixedFrom = 0.05;

/** By what the operation shared the role; undefined where it had it to itself. */
function sharedBy(account: SpanAccount, role: EnergyRole, { weights }: RoleMeter): string | undefined {
  const sharedNs = account.of(role, 'sharedNs');
  // Across processes, operations that follow each other seem to overlap by as much as their times are uncertain.
  if (!(sharedNs > Math.max(account.uncertaintyNs, leastSharedNs))) return undefined;
  const equal = 1 - account.of(role, 'weightedNs') / sharedNs;
  const name = weights?.[role]?.name;
  if (name === undefined || equal > 1 - mixedFrom) return 'equal';
  return equal > mixedFrom ? 'mixed' : name;
}

/** No meter is finer than single precision, which keeps 24 bits. */
const relativeStep = 2 ** -23;

interface RoleInput {
  readonly account: SpanAccount;
  readonly role: EnergyRole;
  readonly meter: RoleMeter;
  readonly durationNs: number;
  readonly mainWeights: string | undefined;
}

/**
 * The time of the span that no sample covers is taken at the mean power of the rest. That power may have been anything
 * from 0 to twice the mean (uniform, so mean² / 3), or what it was in the covered time, whichever is wider.
 */
function roleEnergy({ account, role, meter, durationNs, mainWeights }: RoleInput): RoleEnergy {
  const durationSeconds = durationNs * 1e-9;
  const seconds = account.of(role, 'coveredNs') * 1e-9;
  const meanWatts = account.of(role, 'joules') / seconds;
  const seen = account.of(role, 'watt2Seconds') / seconds - (account.of(role, 'wattSeconds') / seconds) ** 2;
  const gap = Math.max(0, durationSeconds - seconds);
  const gapVariance = gap ** 2 * Math.max(seen, meanWatts ** 2 / 3);
  // No figure is exact: at the least it is rounded.
  const stepVariance = (relativeStep * meanWatts * durationSeconds) ** 2 / 12;
  const scale = durationSeconds / seconds;
  const edges = account.of(role, 'edges');
  const joules = account.of(role, 'joules') * scale;
  const energy: Mutable<RoleEnergy> = {
    joules,
    selfJoules: account.of(role, 'selfJoules') * scale,
    stderr: Math.sqrt(account.of(role, 'variance') + gapVariance + stepVariance),
    edgeSteps: edges === 0 ? 0 : account.of(role, 'edgeSteps') / edges,
  };
  if (meter.hasBaseline) energy.activeJoules = account.of(role, 'activeJoules') * scale;
  const meterStderr = statedMeterStderr(meter.model, joules, durationSeconds - account.of(role, 'sharedNs') * 1e-9);
  if (meterStderr !== undefined) energy.meterStderr = meterStderr;
  const weights = sharedBy(account, role, meter);
  if (weights !== undefined && weights !== mainWeights) energy.weights = weights;
  return energy;
}
