import type { MeterModel, SpanEnergy, SpanWeights } from '@benchlab-otel/analysis';
import {
  attribute,
  type Clock,
  type EnergyRole,
  type Enricher,
  metric,
  OptionError,
  type SampleHistory,
  systemClock,
} from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { SettlingSpans } from './settlingSpans.ts';

export interface SpanEnergyOptions {
  readonly clock?: Clock;
  /** Spans that share the bench at once. Beyond it the oldest is forgotten: it gets no joules, and what it used goes to unattributed. */
  readonly maxTracked?: number;
  /** By what spans that overlap divide the energy, for each role. Default: equally. */
  readonly weights?: Readonly<Partial<Record<EnergyRole, SpanWeights>>>;
  /** Watts of the bench at rest, measured or given: spans get `benchlab.energy.…active.joules` beside their joules. */
  readonly baseline?: Readonly<Partial<Record<EnergyRole, number>>>;
  /** What is known of the meter, from a calibration for one. Default: what is published of its product. */
  readonly meter?: MeterModel;
}

/**
 * Puts the energy of each span on it, from the power samples of `history`: `benchlab.energy.system.joules` and its
 * neighbours in the registry. The sample after a span's end is needed and awaited, for two sample periods at most. A
 * span without a meter gets nothing; one that is shorter than a sample period or not covered by samples gets its
 * coverage and no joules.
 *
 * @example
 * const history = new SampleHistory();
 * await startTelemetry({ receivers: [benchlabReceiver()], consumers: [history], enrichers: [spanEnergy(history)] });
 */
export function spanEnergy(history: SampleHistory, options: SpanEnergyOptions = {}): Enricher {
  if (typeof history?.onSample !== 'function') {
    throw new OptionError({ option: 'history', value: history, allowed: 'a SampleHistory' });
  }
  const { clock = systemClock, maxTracked, ...settlement } = options;
  const spans = new SettlingSpans(history, {
    clock,
    ...settlement,
    ...(maxTracked === undefined ? {} : { maxSpans: maxTracked }),
  });
  return {
    name: 'span-energy',
    spanStarted(_span, _context, started) {
      spans.start(started);
    },
    async spanEnded(span) {
      const energy = await spans.end(span);
      return energy && energyAttributes(energy);
    },
    counts: () => [{ definition: metric.benchlabSpansForgotten, value: spans.settlement.forgotten }],
    shutdown: () => spans.stop(),
  };
}

/** The attributes that state what an operation cost, as the registry names them. */
export function energyAttributes(energy: SpanEnergy): Attributes {
  const attributes: Attributes = {
    [attribute.energyBoundary]: energy.boundary,
    [attribute.energyCoverage]: energy.coverage,
    [attribute.energySamples]: energy.samples,
    [attribute.energySource]: energy.source.id,
  };
  if (energy.source.simulated) attributes[attribute.simulated] = true;
  if (!energy.resolved) return attributes;
  for (const [role, { joules, selfJoules, activeJoules, stderr }] of Object.entries(energy.roles)) {
    const names = roleAttributes[role as EnergyRole]; // Object.entries widens the key
    attributes[names.joules] = joules;
    attributes[names.self] = selfJoules;
    attributes[names.stderr] = stderr;
    if (activeJoules !== undefined) attributes[names.active] = activeJoules;
    attributes[attribute.energyMethod] = energy.method;
    attributes[attribute.energyNature] = energy.nature;
    if (energy.weights !== undefined) attributes[attribute.energyWeights] = energy.weights;
  }
  return attributes;
}

interface RoleNames {
  readonly joules: string;
  readonly self: string;
  readonly active: string;
  readonly stderr: string;
}

const roleAttributes: Readonly<Record<EnergyRole, RoleNames>> = {
  system: {
    joules: attribute.energySystemJoules,
    self: attribute.energySystemSelfJoules,
    active: attribute.energySystemActiveJoules,
    stderr: attribute.energySystemStderr,
  },
  cpu: {
    joules: attribute.energyCpuJoules,
    self: attribute.energyCpuSelfJoules,
    active: attribute.energyCpuActiveJoules,
    stderr: attribute.energyCpuStderr,
  },
  gpu: {
    joules: attribute.energyGpuJoules,
    self: attribute.energyGpuSelfJoules,
    active: attribute.energyGpuActiveJoules,
    stderr: attribute.energyGpuStderr,
  },
};
