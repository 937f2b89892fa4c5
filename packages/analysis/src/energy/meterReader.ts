import { type EnergyRole, energyRoles, type SampleHistory, type Source } from '@benchlab-otel/core';
import { type RoleMeter, type RoleMeterOptions, roleMeter } from './roleMeter.ts';
import type { RoleMeters } from './roleMeters.ts';
import { sampleInterval, smearedInterval } from './sampleIntervals.ts';
import type { SampleInterval } from './settlement/settleInterval.ts';

/** A meter, the roles that it measures, and its samples as intervals. */
export interface MeterReader {
  readonly meter: RoleMeter;
  readonly roles: readonly EnergyRole[];
  /** The intervals that end after `fromNs`, up to the first sample at or after `untilNs`. */
  intervals(fromNs: number, untilNs: number): readonly SampleInterval[];
}

/** One reader for each meter that has a role. */
export function meterReaders(
  history: SampleHistory,
  meters: RoleMeters,
  options: RoleMeterOptions = {},
): readonly MeterReader[] {
  const sources = new Set(energyRoles.flatMap((role) => meters[role] ?? []));
  return [...sources].flatMap((source) => {
    const roles = energyRoles.filter((role) => meters[role] === source);
    return meterReader(history, source, roles, options) ?? [];
  });
}

/** Undefined where the period of the source is not known yet. */
export function meterReader(
  history: SampleHistory,
  source: Source,
  roles: readonly EnergyRole[],
  options: RoleMeterOptions = {},
): MeterReader | undefined {
  const periodNs = history.periodNs(source.id);
  if (periodNs === undefined) return undefined;
  const meter = roleMeter(source, periodNs, options);
  const { smearNs, isMean } = meter;
  return {
    meter,
    roles,
    intervals(fromNs, untilNs) {
      // A value that is smeared belongs to the middle of its window, and its neighbours on both sides are looked at.
      const window = history.window(source.id, fromNs - smearNs / 2, untilNs + smearNs);
      const found: SampleInterval[] = [];
      for (let k = 1; k < (window?.timesNs.length ?? 0); k++) {
        if (window === undefined) break;
        const interval =
          smearNs > 0 ? smearedInterval(window, k, smearNs, roles) : sampleInterval(window, k, isMean, roles);
        if (interval !== undefined && interval.toNs > fromNs) found.push(interval);
      }
      return found;
    },
  };
}
