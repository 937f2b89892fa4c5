import { type EnergyRole, energyRoles, type SampleHistory, type Source } from '@benchlab-otel/core';
import { percentile } from '../operations/percentile.ts';
import { activeEnergy } from './activeEnergy.ts';
import type { NoFigure, OperationEnergy } from './estimate/energyEstimate.ts';
import { estimateEnergy } from './estimate/estimateEnergy.ts';
import type { MeterSamples, OperationCalls } from './estimate/estimateInput.ts';
import type { MeterModel } from './estimate/meterModel.ts';
import { frontiers, type NamedSpan } from './frontier.ts';
import type { IdlePower } from './idlePower.ts';
import { merged } from './mergedEnergies.ts';
import { meterModelOf } from './meterModelOf.ts';
import type { EnergySummary, RoleEnergySummary } from './roleEnergySummary.ts';
import { roleMeters } from './roleMeters.ts';
import { minCoverage } from './spanEnergy.ts';

export interface OperationEnergiesOptions {
  /** What is known of a meter, for one from a calibration. Default: what is published of its product. */
  readonly meterModel?: (source: Source) => MeterModel;
  /** Power of the bench at rest, measured: the figures get their active part. */
  readonly idle?: IdlePower;
  /** Samples up to this many seconds before and after the calls count. Default: all, which show what runs without them. */
  readonly marginSeconds?: number;
}

/**
 * The energy of every operation from the power around its calls, from 10 us to hours: by name, for operations whose
 * calls a meter saw. Estimated at each depth of nesting by itself, so an operation includes its parts. Below a coverage
 * of 95 % there is a reason instead of a figure.
 */
export function operationEnergies(
  spans: readonly NamedSpan[],
  history: SampleHistory,
  options: OperationEnergiesOptions = {},
): ReadonlyMap<string, EnergySummary> {
  const timed = spans.filter(({ startNs, endNs }) => Number.isFinite(endNs) && endNs > startNs);
  const summaries = new Map<string, EnergySummary>();
  const isWeighted = timed.every(({ cpuSeconds }) => cpuSeconds !== undefined);
  const uncertaintyNs = uncertaintyOf(timed);
  const metered = meteredRoles(timed, history, options.marginSeconds ?? Number.POSITIVE_INFINITY, uncertaintyNs);
  if (metered.length === 0) return summaries;
  const seconds = secondsByName(timed);
  const equal = frontiers(timed, false);
  const weighted = isWeighted ? frontiers(timed, true) : equal;
  for (const [depth, { names, parents }] of equal.entries()) {
    // The roles of one depth are parts of the same calls; the next depth brings further calls of a name.
    const level = new Map<string, EnergySummary>();
    for (const { role, source, samples } of metered) {
      const hasWeights = isWeighted && weightedRoles.has(role);
      const operations = (hasWeights ? weighted : equal)[depth]?.operations ?? [];
      const model = (options.meterModel ?? meterModelOf)(source);
      const estimate = estimateEnergy({ samples, operations, meter: model });
      for (const [k, name] of names.entries()) {
        const energy = estimate.operations[k];
        const calls = operations[k];
        if (energy === undefined || calls === undefined) continue;
        const ofRole = roleSummary({
          energy,
          calls,
          seconds: seconds.get(name) ?? 0,
          source,
          hasWeights,
          uncertaintyNs,
        });
        level.set(name, {
          calls: calls.startsNs.length,
          includesParts: parents.has(name),
          roles: { ...level.get(name)?.roles, [role]: { ...ofRole, samples: estimate.samples } },
        });
      }
    }
    for (const [name, summary] of level) {
      const known = summaries.get(name);
      summaries.set(name, known === undefined ? summary : merged(known, summary));
    }
  }
  for (const [name, summary] of summaries) summaries.set(name, finished(summary, options));
  return summaries;
}

/** The rails that time on the CPU divides. It states nothing of a GPU: a call that waits for one uses no CPU. */
const weightedRoles: ReadonlySet<EnergyRole> = new Set(['system', 'cpu']);

interface MeteredRole {
  readonly role: EnergyRole;
  readonly source: Source;
  readonly samples: MeterSamples;
}

/** The samples of each role around the calls, from the meter that measures it. */
function meteredRoles(
  spans: readonly NamedSpan[],
  history: SampleHistory,
  marginSeconds: number,
  uncertaintyNs: number,
): readonly MeteredRole[] {
  const fromNs = spans.reduce((earliest, { startNs }) => Math.min(earliest, startNs), Number.POSITIVE_INFINITY);
  const untilNs = spans.reduce((latest, { endNs }) => Math.max(latest, endNs), Number.NEGATIVE_INFINITY);
  if (!(untilNs > fromNs)) return [];
  const meters = roleMeters(history);
  return energyRoles.flatMap((role) => {
    const meter = meters[role];
    const window = meter && history.window(meter.id, fromNs - marginSeconds * 1e9, untilNs + marginSeconds * 1e9);
    const watts = window?.watts[role];
    if (window === undefined || watts === undefined) return [];
    const { source, timesNs, gapBefore } = window;
    const uncertaintiesNs = window.uncertaintiesNs.map((ns) => ns + uncertaintyNs);
    return [{ role, source, samples: { timesNs, watts, uncertaintiesNs, gapBefore } }];
  });
}

/** Nearly all calls are known this well; a few that are not would widen the window of the meter for all. */
const knownShare = 95;

/**
 * How far the times of calls may be off, ns. Whether a call ran at a sample is known that well only: a window that is too
 * wide costs precision, one that is too narrow makes the slope too small without a sign of it.
 */
function uncertaintyOf(spans: readonly NamedSpan[]): number {
  const sorted = Float64Array.from(spans, ({ uncertaintyNs = 0 }) => uncertaintyNs).sort();
  return percentile(sorted, knownShare) ?? 0;
}

/** Time of all calls of each name, also of those too deep for a figure: they are not covered. */
function secondsByName(spans: readonly NamedSpan[]): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  for (const { name, startNs, endNs } of spans) seconds.set(name, (seconds.get(name) ?? 0) + (endNs - startNs) * 1e-9);
  return seconds;
}

/** An operation that lacks at most this share of the time of its calls had the bench to itself: times are rounded. */
const roundedShare = 0.001;
/** The same where the times of calls are not known better: calls that follow each other seem to overlap. */
const uncertainShare = 0.05;

interface EstimatedRole {
  readonly energy: OperationEnergy;
  readonly calls: OperationCalls;
  /** Time of all calls of the name, at any depth. */
  readonly seconds: number;
  readonly source: Source;
  readonly hasWeights: boolean;
  /** How far the times of calls may be off, ns. */
  readonly uncertaintyNs: number;
}

function roleSummary({
  energy,
  calls,
  seconds,
  source,
  hasWeights,
  uncertaintyNs,
}: EstimatedRole): Omit<RoleEnergySummary, 'samples'> {
  let here = 0;
  for (let k = 0; k < calls.startsNs.length; k++) here += ((calls.endsNs[k] ?? 0) - (calls.startsNs[k] ?? 0)) * 1e-9;
  const doubtful = Math.min(uncertainShare * here, calls.startsNs.length * uncertaintyNs * 1e-9);
  const isShared = here - energy.seconds > Math.max(roundedShare * here, doubtful);
  return {
    whole: energy.whole,
    added: energy.added,
    seconds: energy.seconds,
    coverage: (energy.coverage * here) / seconds,
    method: isShared ? 'apportioned' : 'direct',
    nature: source.simulated ? 'simulated' : isShared ? 'apportioned' : 'measured',
    ...(isShared ? { weights: hasWeights ? 'cpu_time' : 'equal' } : {}),
    boundary: source.boundary ?? 'dc_rails',
    source,
  };
}

/** With what only the operation as a whole shows: its coverage, and its energy beyond that of the bench at rest. */
function finished(
  summary: EnergySummary,
  { idle, meterModel = meterModelOf }: OperationEnergiesOptions,
): EnergySummary {
  const roles: Partial<Record<EnergyRole, RoleEnergySummary>> = {};
  for (const role of energyRoles) {
    const energy = summary.roles[role];
    if (energy === undefined) continue;
    const covered = withCoverage(energy);
    const rest = idle?.roles[role];
    // Watts of another meter are of another boundary.
    const isSame = rest?.source.id === energy.source.id;
    roles[role] =
      rest && isSame
        ? { ...covered, ...activeEnergy(covered.whole, covered.seconds, rest, meterModel(energy.source)) }
        : covered;
  }
  return { ...summary, roles };
}

function withCoverage(energy: RoleEnergySummary): RoleEnergySummary {
  const { coverage, whole, added } = energy;
  if (coverage >= minCoverage) return energy;
  const none: NoFigure = { kind: 'none', reason: { kind: 'not-covered', coverage, needed: minCoverage } };
  return {
    ...energy,
    whole: whole.kind === 'none' ? whole : none,
    added: added.kind === 'none' ? added : none,
  };
}
