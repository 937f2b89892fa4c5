import { type EnergyRole, energyRoles, type PowerBoundary, type SampleHistory, type Source } from '@benchlab-otel/core';
import type { AddedEnergy, OperationEnergy, WholeEnergy } from './estimate/energyEstimate.ts';
import { estimateEnergy } from './estimate/estimateEnergy.ts';
import type { OperationCalls } from './estimate/estimateInput.ts';
import type { MeterModel } from './estimate/meterModel.ts';
import { frontiers, type NamedSpan } from './frontier.ts';
import { meterOf } from './measureSpans.ts';
import { meterModelOf } from './meterModelOf.ts';

/** Energy of all calls of one operation on the rails of one role. */
interface RoleEnergies {
  /** Joules of all calls that the rails delivered while they ran, or their share of them. */
  readonly whole: WholeEnergy;
  /** Joules that all calls caused, without those of anything else that ran. */
  readonly added: AddedEnergy;
}

/** What the calls of one operation cost together. */
export interface EnergySummary {
  readonly calls: number;
  /** Share of the time of all calls that valid samples cover, 0 to 1. */
  readonly coverage: number;
  /** Samples that the estimate rests on. */
  readonly samples: number;
  /** `direct` when the calls had the bench to themselves, `apportioned` when they shared it. */
  readonly method: 'direct' | 'apportioned';
  readonly nature: 'measured' | 'apportioned' | 'simulated';
  /** By what calls that overlap divided the bench: `cpu_time` or `equal`. Absent where they shared it with none. */
  readonly weights?: string;
  readonly boundary: PowerBoundary;
  readonly source: Source;
  readonly roles: Readonly<Partial<Record<EnergyRole, RoleEnergies>>>;
}

/**
 * The energy of every operation from the power around its calls, from 10 us to hours: by name, for operations whose
 * calls a meter saw. Estimated at each depth of nesting by itself, so an operation includes its parts.
 *
 * @param meter what is known of the meter; by default what is published of the product
 */
export function operationEnergies(
  spans: readonly NamedSpan[],
  history: SampleHistory,
  meter?: MeterModel,
): ReadonlyMap<string, EnergySummary> {
  const source = meterOf(history);
  const timed = spans.filter(({ startNs, endNs }) => Number.isFinite(endNs) && endNs > startNs);
  const fromNs = timed.reduce((earliest, { startNs }) => Math.min(earliest, startNs), Number.POSITIVE_INFINITY);
  const untilNs = timed.reduce((latest, { endNs }) => Math.max(latest, endNs), Number.NEGATIVE_INFINITY);
  const summaries = new Map<string, EnergySummary>();
  // Samples before and after the calls show what runs without them.
  const window = source && history.window(source.id, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  if (window === undefined || !(untilNs > fromNs)) return summaries;
  const isWeighted = timed.every(({ cpuSeconds }) => cpuSeconds !== undefined);
  const model = meter ?? meterModelOf(window.source);
  for (const { names, operations } of frontiers(timed, isWeighted)) {
    for (const role of energyRoles) {
      const watts = window.watts[role];
      if (watts === undefined) continue;
      const samples = {
        timesNs: window.timesNs,
        watts,
        uncertaintiesNs: window.uncertaintiesNs,
        gapBefore: window.gapBefore,
      };
      const estimate = estimateEnergy({ samples, operations, meter: model });
      for (const [k, name] of names.entries()) {
        const energy = estimate.operations[k];
        if (energy === undefined) continue;
        const one = summaryOf(energy, role, operations[k], estimate.samples, window.source, isWeighted);
        const known = summaries.get(name);
        summaries.set(name, known === undefined ? one : merged(known, one));
      }
    }
  }
  return summaries;
}

/** An operation that was given at least this share of the time of its calls had the bench to itself: times are rounded. */
const aloneFrom = 0.999;

function secondsOf(calls: OperationCalls | undefined): number {
  let ns = 0;
  for (let k = 0; k < (calls?.startsNs.length ?? 0); k++) ns += (calls?.endsNs[k] ?? 0) - (calls?.startsNs[k] ?? 0);
  return ns * 1e-9;
}

function summaryOf(
  energy: OperationEnergy,
  role: EnergyRole,
  calls: OperationCalls | undefined,
  samples: number,
  source: Source,
  isWeighted: boolean,
): EnergySummary {
  const { coverage, seconds, whole, added } = energy;
  const isShared = seconds < aloneFrom * secondsOf(calls);
  const method = isShared ? 'apportioned' : 'direct';
  return {
    calls: calls?.startsNs.length ?? 0,
    coverage,
    samples,
    method,
    nature: source.simulated ? 'simulated' : isShared ? 'apportioned' : 'measured',
    ...(isShared ? { weights: isWeighted ? 'cpu_time' : 'equal' } : {}),
    boundary: source.boundary ?? 'dc_rails',
    source,
    roles: { [role]: { whole, added } },
  };
}

/** Another role of the same calls, or the calls of the same name at another depth: their errors may be one, so they add. */
function merged(a: EnergySummary, b: EnergySummary): EnergySummary {
  const roles: Partial<Record<EnergyRole, RoleEnergies>> = { ...a.roles };
  let isOtherDepth = false;
  for (const role of energyRoles) {
    const [one, two] = [a.roles[role], b.roles[role]];
    if (two === undefined) continue;
    if (one === undefined) {
      roles[role] = two;
      continue;
    }
    isOtherDepth = true;
    roles[role] = { whole: sum(one.whole, two.whole), added: sum(one.added, two.added) };
  }
  if (!isOtherDepth) return { ...a, roles };
  const calls = a.calls + b.calls;
  const isShared = a.method === 'apportioned' || b.method === 'apportioned';
  return {
    ...a,
    calls,
    coverage: (a.coverage * a.calls + b.coverage * b.calls) / calls,
    method: isShared ? 'apportioned' : 'direct',
    nature: a.source.simulated ? 'simulated' : isShared ? 'apportioned' : 'measured',
    ...((a.weights ?? b.weights) ? { weights: a.weights ?? b.weights ?? '' } : {}),
    roles,
  };
}

function sum<E extends WholeEnergy | AddedEnergy>(a: E, b: E): E {
  if (a.kind === 'none') return a;
  if (b.kind === 'none') return b;
  const low = a.low + b.low;
  const high = a.high + b.high;
  return {
    ...a,
    joules: a.joules + b.joules,
    low,
    high,
    samplingStderr: a.samplingStderr + b.samplingStderr,
    degreesOfFreedom: Math.min(a.degreesOfFreedom, b.degreesOfFreedom),
  };
}
