import type { EnergyProvenance, RoleEnergy, SpanEnergy } from '@benchlab-otel/analysis';
import { attribute, type EnergyRole, energyRoles } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';

/** Attributes that state what operations cost, as the registry names them. */
export class EnergyAttributes {
  /** Those of the last operation with the same names, by what the names depend on. */
  readonly #known = new Map<number, Attributes>();

  /** An object of the caller's own. */
  of(energy: SpanEnergy): Attributes {
    const names = namesOf(energy);
    const known = this.#known.get(names);
    // Writing over the values of a copy takes a fifth of adding the names one by one.
    if (known !== undefined) return written({ ...known }, energy);
    const attributes = written({}, energy);
    this.#known.set(names, { ...attributes });
    return attributes;
  }
}

/** A number that is the same for operations whose attributes have the same names: a bit for each that may be absent. */
function namesOf({ source, roles, otherMeters, resolved, weights }: SpanEnergy): number {
  let names = Number(source.simulated) + 2 * Number(resolved) + 4 * Number(weights !== undefined);
  for (const role of energyRoles) {
    const figure = roles[role];
    const other = otherMeters?.[role];
    names = 64 * names + Number(figure !== undefined) + 2 * Number(figure?.meterStderr !== undefined);
    names += 4 * Number(figure?.activeJoules !== undefined) + 8 * Number(figure?.weights !== undefined);
    names += 16 * Number(other !== undefined) + 32 * Number(other?.source.simulated === true);
  }
  return names;
}

function written(attributes: Attributes, energy: SpanEnergy): Attributes {
  attributes[attribute.energyBoundary] = energy.boundary;
  attributes[attribute.energyCoverage] = energy.coverage;
  attributes[attribute.energySamples] = energy.samples;
  attributes[attribute.energySource] = energy.source.id;
  if (energy.source.simulated) attributes[attribute.simulated] = true;
  let hasFigure = false;
  for (const role of energyRoles) {
    const other = energy.otherMeters?.[role];
    if (other !== undefined && role !== 'system') addProvenance(attributes, otherNames[role], other);
    const figure = energy.roles[role];
    // A role of the main meter stands on its own where that does; one of another meter is there only where it does.
    if (figure === undefined || (other === undefined && !energy.resolved)) continue;
    addFigure(attributes, roleNames[role], figure);
    if (role !== 'system' && figure.weights !== undefined) attributes[otherNames[role].weights] = figure.weights;
    hasFigure ||= other === undefined;
  }
  if (!hasFigure) return attributes;
  attributes[attribute.energyMethod] = energy.method;
  attributes[attribute.energyNature] = energy.nature;
  if (energy.weights !== undefined) attributes[attribute.energyWeights] = energy.weights;
  return attributes;
}

function addFigure(attributes: Attributes, names: RoleNames, figure: RoleEnergy): void {
  attributes[names.joules] = figure.joules;
  attributes[names.self] = figure.selfJoules;
  attributes[names.stderr] = figure.stderr;
  if (figure.meterStderr !== undefined) attributes[names.meterStderr] = figure.meterStderr;
  if (figure.activeJoules !== undefined) attributes[names.active] = figure.activeJoules;
}

function addProvenance(attributes: Attributes, names: OtherNames, other: EnergyProvenance): void {
  attributes[names.boundary] = other.boundary;
  attributes[names.method] = other.method;
  attributes[names.coverage] = other.coverage;
  attributes[names.source] = other.source.id;
  if (other.source.simulated) attributes[attribute.simulated] = true;
}

interface RoleNames {
  readonly joules: string;
  readonly self: string;
  readonly active: string;
  readonly stderr: string;
  readonly meterStderr: string;
}

const roleNames: Readonly<Record<EnergyRole, RoleNames>> = {
  system: {
    joules: attribute.energySystemJoules,
    self: attribute.energySystemSelfJoules,
    active: attribute.energySystemActiveJoules,
    stderr: attribute.energySystemStderr,
    meterStderr: attribute.energySystemMeterStderr,
  },
  cpu: {
    joules: attribute.energyCpuJoules,
    self: attribute.energyCpuSelfJoules,
    active: attribute.energyCpuActiveJoules,
    stderr: attribute.energyCpuStderr,
    meterStderr: attribute.energyCpuMeterStderr,
  },
  gpu: {
    joules: attribute.energyGpuJoules,
    self: attribute.energyGpuSelfJoules,
    active: attribute.energyGpuActiveJoules,
    stderr: attribute.energyGpuStderr,
    meterStderr: attribute.energyGpuMeterStderr,
  },
};

interface OtherNames {
  readonly boundary: string;
  readonly method: string;
  readonly coverage: string;
  readonly source: string;
  readonly weights: string;
}

/** The system is measured on the rails only, so it never has another meter than the main one. */
const otherNames: Readonly<Record<Exclude<EnergyRole, 'system'>, OtherNames>> = {
  cpu: {
    boundary: attribute.energyCpuBoundary,
    method: attribute.energyCpuMethod,
    coverage: attribute.energyCpuCoverage,
    source: attribute.energyCpuSource,
    weights: attribute.energyCpuWeights,
  },
  gpu: {
    boundary: attribute.energyGpuBoundary,
    method: attribute.energyGpuMethod,
    coverage: attribute.energyGpuCoverage,
    source: attribute.energyGpuSource,
    weights: attribute.energyGpuWeights,
  },
};
