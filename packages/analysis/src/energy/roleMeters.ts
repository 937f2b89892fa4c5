import {
  type EnergyRole,
  energyRoles,
  gapLimitNs,
  type PowerBoundary,
  type SampleHistory,
  type Source,
} from '@benchlab-otel/core';
import { isAveraging, meterModelOf } from './meterModelOf.ts';

/** The meter of each role; a role that nothing measures is missing. */
export type RoleMeters = Readonly<Partial<Record<EnergyRole, Source>>>;

/** Where a role may be measured, best first. Only the rails see the whole system. */
const boundaries: Readonly<Record<EnergyRole, readonly PowerBoundary[]>> = {
  system: ['dc_rails'],
  cpu: ['dc_rails', 'cpu_package'],
  gpu: ['dc_rails', 'gpu_board'],
};

/**
 * Which meter measures which role: the first one on the direct-current rails that has the role, else the device's own
 * meter, of which one that counts energy is preferred to one that shows a mean of some time. One meter a role: two
 * boundaries overlap and two boards are two hosts, so meters are never added up. A source without a boundary is not a
 * meter, and one with fewer than three samples is not one yet.
 *
 * @param nowNs leaves out meters whose silence until then is a gap: another one takes their place
 * @example const { system, gpu } = roleMeters(history);
 */
export function roleMeters(history: SampleHistory, nowNs: number = Number.NEGATIVE_INFINITY): RoleMeters {
  const meters: Partial<Record<EnergyRole, Source>> = {};
  const candidates = history.sources.filter(({ id }) => {
    const [newestNs, periodNs] = [history.newestNs(id), history.periodNs(id)];
    return newestNs !== undefined && periodNs !== undefined && nowNs - newestNs <= gapLimitNs(periodNs);
  });
  for (const role of energyRoles) {
    for (const boundary of boundaries[role]) {
      const measuring = candidates.filter((source) => source.boundary === boundary && measures(history, source, role));
      const meter = measuring.find((source) => isAveraging(meterModelOf(source)));
      const chosen = boundary === 'gpu_board' ? (meter ?? measuring[0]) : measuring[0];
      if (chosen === undefined) continue;
      meters[role] = chosen;
      break;
    }
  }
  return meters;
}

/** The window around the newest sample is one or two samples, so this copies almost nothing. */
function measures(history: SampleHistory, { id }: Source, role: EnergyRole): boolean {
  const newestNs = history.newestNs(id);
  return newestNs !== undefined && history.window(id, newestNs, newestNs)?.watts[role] !== undefined;
}
