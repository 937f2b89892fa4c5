import { type EnergyRole, energyRoles, type SampleHistory, type Source } from '@benchlab-otel/core';
import { studentQuantile } from './estimate/studentQuantile.ts';
import { roleMeters } from './roleMeters.ts';

/** Mean power of one role while the bench was at rest. */
export interface RoleIdlePower {
  readonly watts: number;
  /** Standard error of `watts`, W: power at rest moves, too. Never 0. */
  readonly stderr: number;
  readonly degreesOfFreedom: number;
  readonly samples: number;
  readonly source: Source;
}

/** Power of a bench at rest, measured. */
export interface IdlePower {
  /** How long it was measured, s. */
  readonly seconds: number;
  readonly roles: Readonly<Partial<Record<EnergyRole, RoleIdlePower>>>;
}

/** Power at rest moves slowly, so neighbouring samples are not independent: the means of this many parts count. */
const parts = 10;
/** Fewer parts show no error. */
const leastParts = 3;
/** Share of the period that samples must cover. */
const leastCoverage = 0.8;
/** No meter is finer than single precision, which keeps 24 bits. */
const relativeStep = 2 ** -23;

/**
 * Mean power of each role between two instants, with a standard error from the spread of the means of ten parts (batch
 * means: Law and Kelton, Simulation Modeling and Analysis). Roles with too few samples are left out.
 */
export function idlePower(history: SampleHistory, fromNs: number, untilNs: number): IdlePower {
  // A meter that is silent meanwhile does not show the bench at rest.
  const meters = roleMeters(history, fromNs);
  const roles: Partial<Record<EnergyRole, RoleIdlePower>> = {};
  for (const role of energyRoles) {
    const source = meters[role];
    const window = source && history.window(source.id, fromNs, untilNs);
    if (window === undefined) continue;
    const values: number[] = [];
    for (let k = 0; k < window.timesNs.length; k++) {
      const timeNs = window.timesNs[k] ?? Number.NaN;
      const watts = window.watts[role]?.[k] ?? Number.NaN;
      if (timeNs >= fromNs && timeNs <= untilNs && Number.isFinite(watts)) values.push(watts);
    }
    if (values.length * window.periodNs < leastCoverage * (untilNs - fromNs)) continue;
    const mean = meanWithError(values);
    if (mean) roles[role] = { ...mean, samples: values.length, source: window.source };
  }
  return { seconds: (untilNs - fromNs) * 1e-9, roles };
}

function meanWithError(
  values: readonly number[],
): Pick<RoleIdlePower, 'watts' | 'stderr' | 'degreesOfFreedom'> | undefined {
  const count = Math.min(parts, values.length);
  if (count < leastParts) return undefined;
  const watts = meanOf(values);
  const means = Array.from({ length: count }, (_, part) =>
    meanOf(values.slice(Math.floor((part * values.length) / count), Math.floor(((part + 1) * values.length) / count))),
  );
  const variance = means.reduce((sum, mean) => sum + (mean - watts) ** 2, 0) / (count - 1) / count;
  const rounding = (relativeStep * watts) ** 2 / 12;
  return { watts, stderr: Math.sqrt(variance + rounding), degreesOfFreedom: count - 1 };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Half the 95 % interval of the power at rest, W. */
export function idleHalfWidth({ stderr, degreesOfFreedom }: RoleIdlePower): number {
  return studentQuantile(degreesOfFreedom) * stderr;
}
