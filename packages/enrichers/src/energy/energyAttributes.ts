import type { EnergyProvenance, RoleEnergy, SpanEnergy } from '@benchlab-otel/analysis';
import { attribute, type EnergyRole, energyRoles } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';

/** The attributes that state what an operation cost, as the registry names them. */
export function energyAttributes(energy: SpanEnergy): Attributes {
  const attributes: Attributes = {
    [attribute.energyBoundary]: energy.boundary,
    [attribute.energyCoverage]: energy.coverage,
    [attribute.energySamples]: energy.samples,
    [attribute.energySource]: energy.source.id,
  };
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
