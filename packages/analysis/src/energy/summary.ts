import { type EnergyRole, energyRoles, type PowerBoundary, type Source } from '@benchlab-otel/core';
import { minCoverage, type SpanEnergy } from './spanEnergy.ts';

/** Energy of all calls of one operation on the rails of one role. */
export interface OperationEnergy {
  /** Mean of a call, joules, and its standard error. */
  readonly joules: number;
  readonly stderr: number;
  readonly totalJoules: number;
  readonly totalStderr: number;
}

/** What many runs of one operation cost together. */
export interface EnergySummary {
  /** Calls that the figures stand for: those that samples cover. */
  readonly calls: number;
  /** Share of the time of all calls that valid samples cover, 0 to 1. */
  readonly coverage: number;
  readonly samples: number;
  readonly method: SpanEnergy['method'];
  readonly nature: SpanEnergy['nature'];
  readonly boundary: PowerBoundary;
  readonly source: Source;
  /** Missing where too few samples fell into the calls to tell how large the error is. */
  readonly roles: Readonly<Partial<Record<EnergyRole, OperationEnergy>>>;
}

/** Calls with a sample inside that are needed to know how far power steps when the operation runs. */
const minSampledCalls = 3;

/**
 * Adds up the calls of one operation, short ones included: what one short call hides, many reveal, because the estimate
 * of each has no bias. The variance of a call shorter than a sample period T is step² · T² · p · (1 − p), with p its
 * duration in periods (a sample falls into it or not); step is learned from the calls that a sample fell into.
 *
 * @returns undefined when none of the calls was measured
 */
export function summariseEnergy(energies: readonly (SpanEnergy | undefined)[]): EnergySummary | undefined {
  const measured = energies.filter((energy) => energy !== undefined);
  const first = measured[0];
  if (first === undefined) return undefined;
  const calls = measured.filter((energy) => energy.coverage >= minCoverage);
  const duration = sum(measured, (energy) => energy.durationNs);
  const roles: Partial<Record<EnergyRole, OperationEnergy>> = {};
  for (const role of energyRoles) {
    const total = totalOf(calls, role);
    if (total) roles[role] = total;
  }
  const method = measured.some((energy) => energy.method === 'apportioned') ? 'apportioned' : 'direct';
  return {
    calls: calls.length,
    coverage: sum(measured, (energy) => energy.coverage * energy.durationNs) / duration,
    samples: sum(measured, (energy) => energy.samples),
    method,
    nature: first.source.simulated ? 'simulated' : method === 'direct' ? 'measured' : 'apportioned',
    boundary: first.boundary,
    source: first.source,
    roles,
  };
}

function totalOf(calls: readonly SpanEnergy[], role: EnergyRole): OperationEnergy | undefined {
  const sampled = calls.filter((call) => call.samples > 0 && call.roles[role]);
  const isLong = (call: SpanEnergy) => call.durationNs >= call.periodNs;
  if (calls.length === 0 || calls.some((call) => call.roles[role] === undefined)) return undefined;
  if (!calls.every(isLong) && sampled.length < minSampledCalls) return undefined;
  const step2 = sum(sampled, (call) => call.roles[role]?.edgeSteps ?? 0) / Math.max(1, sampled.length);
  const variance = sum(calls, (call) => {
    if (isLong(call)) return (call.roles[role]?.stderr ?? 0) ** 2;
    const p = call.durationNs / call.periodNs;
    return step2 * (call.periodNs * 1e-9) ** 2 * p * (1 - p);
  });
  const totalJoules = sum(calls, (call) => call.roles[role]?.joules ?? 0);
  const totalStderr = Math.sqrt(variance);
  return {
    joules: totalJoules / calls.length,
    stderr: totalStderr / calls.length,
    totalJoules,
    totalStderr,
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
