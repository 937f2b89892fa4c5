import type {
  AddedEnergy,
  EnergyFigure,
  EnergySummary,
  OperationSummary,
  RoleEnergySummary,
  WholeEnergy,
} from '@benchlab-otel/analysis';
import { dividedEnergy, energyText } from '@benchlab-otel/analysis';

/** The energy of an operation in the JSON report: each role with a meter, boundary, method and coverage of its own. */
export function energyObject(energy: EnergySummary, work: OperationSummary['work']): object {
  const roles = Object.entries(energy.roles).map(([role, ofRole]) => [role, roleObject(ofRole, energy.calls, work)]);
  return { calls: energy.calls, includesParts: energy.includesParts, roles: Object.fromEntries(roles) };
}

function roleObject(energy: RoleEnergySummary, calls: number, work: OperationSummary['work']): object {
  return {
    meterId: energy.source.id,
    boundary: energy.boundary,
    method: energy.method,
    weights: energy.weights ?? null,
    nature: energy.nature,
    coverage: energy.coverage,
    samples: energy.samples,
    seconds: energy.seconds,
    whole: figureObject(energy.whole, calls),
    added: figureObject(energy.added, calls),
    active: energy.active === undefined ? null : figureObject(energy.active, calls),
    idleJoules: energy.idleJoules ?? null,
    perUnit: work === undefined ? null : perUnit(energy.whole, work),
  };
}

function perUnit(whole: WholeEnergy, { unit, units }: NonNullable<OperationSummary['work']>): object {
  const one = dividedEnergy(whole, units);
  return { unit, units, joules: one.kind === 'none' ? null : one.joules, interval95: intervalOf(one) };
}

/** A call and all calls, with the interval and its parts: what falls with more samples, and what the meter adds. */
function figureObject(energy: WholeEnergy | AddedEnergy, calls: number): object {
  const one = dividedEnergy(energy, calls);
  return {
    kind: energy.kind,
    joulesPerCall: one.kind === 'none' ? null : one.joules,
    joulesPerCallInterval95: intervalOf(one),
    totalJoules: energy.kind === 'none' ? null : energy.joules,
    totalInterval95: intervalOf(energy),
    totalSamplingStderr: energy.kind === 'none' ? null : energy.samplingStderr,
    degreesOfFreedom: energy.kind === 'none' ? null : finite(energy.degreesOfFreedom),
    totalMeterStderr: energy.kind === 'none' ? null : (energy.meterStderr ?? null),
    totalMeterBound: energy.kind === 'none' ? null : (energy.meterBound ?? null),
    meterNotStated: energy.kind === 'none' ? [] : energy.meterNotStated,
    reason: energy.kind === 'none' ? energyText(one) : null,
    secondsMore: energy.kind === 'figure' ? null : finite(energy.secondsMore),
  };
}

function intervalOf(energy: WholeEnergy | AddedEnergy): Pick<EnergyFigure, 'low' | 'high'> | null {
  return energy.kind === 'none' ? null : { low: energy.low, high: energy.high };
}

/** JSON has no infinity. */
function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
