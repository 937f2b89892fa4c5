import { energyRoles } from '@benchlab-otel/core';
import type { AddedEnergy, WholeEnergy } from './estimate/energyEstimate.ts';
import type { EnergySummary, RoleEnergySummary } from './roleEnergySummary.ts';

/** Two parts of one operation as one: other roles of the same calls, or the calls of its name at another depth. */
export function merged(a: EnergySummary, b: EnergySummary): EnergySummary {
  const roles = { ...a.roles };
  for (const role of energyRoles) {
    const [one, two] = [a.roles[role], b.roles[role]];
    if (two !== undefined) roles[role] = one === undefined ? two : added(one, two);
  }
  return { calls: a.calls + b.calls, includesParts: a.includesParts || b.includesParts, roles };
}

/** Calls at two depths share the bench with each other: their errors may be one, so they add. */
function added(one: RoleEnergySummary, two: RoleEnergySummary): RoleEnergySummary {
  const isShared = one.method === 'apportioned' || two.method === 'apportioned';
  const weights = one.weights ?? two.weights;
  return {
    ...one,
    whole: sum(one.whole, two.whole),
    added: sum(one.added, two.added),
    seconds: one.seconds + two.seconds,
    coverage: one.coverage + two.coverage,
    samples: Math.max(one.samples, two.samples),
    method: isShared ? 'apportioned' : 'direct',
    nature: one.source.simulated ? 'simulated' : isShared ? 'apportioned' : 'measured',
    ...(weights === undefined ? {} : { weights }),
  };
}

function sum<E extends WholeEnergy | AddedEnergy>(a: E, b: E): E {
  if (a.kind === 'none') return a;
  if (b.kind === 'none') return b;
  const low = a.low + b.low;
  const high = a.high + b.high;
  const isZero = a.kind !== b.kind || a.kind === 'not-different-from-zero';
  return {
    ...a,
    ...(isZero && { kind: low <= 0 && high >= 0 ? 'not-different-from-zero' : 'figure' }),
    joules: a.joules + b.joules,
    low,
    high,
    samplingStderr: a.samplingStderr + b.samplingStderr,
    degreesOfFreedom: Math.min(a.degreesOfFreedom, b.degreesOfFreedom),
    ...(a.meterStderr !== undefined && { meterStderr: a.meterStderr + (b.meterStderr ?? 0) }),
    ...(a.meterBound !== undefined && { meterBound: a.meterBound + (b.meterBound ?? 0) }),
  };
}
