import type { SpanEnergy } from '@benchlab-otel/analysis';
import { measureSpans } from '@benchlab-otel/analysis';
import {
  attribute,
  type Clock,
  type EnergyRole,
  type Enricher,
  metric,
  type SampleHistory,
  systemClock,
} from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { TrackedSpans } from './trackedSpans.ts';
import { WaitingSpans } from './waitingSpans.ts';

export interface SpanEnergyOptions {
  readonly clock?: Clock;
  /** Spans remembered as sharing the bench; beyond it the oldest is forgotten. */
  readonly maxTracked?: number;
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
  const tracked = new TrackedSpans(options.maxTracked ?? 4096);
  const waiting = new WaitingSpans(history, options.clock ?? systemClock, (spans) => {
    const energies = measureSpans(spans, history, tracked.besides(spans));
    tracked.release(spans);
    return energies;
  });
  return {
    name: 'span-energy',
    spanStarted(_span, _context, started) {
      tracked.start(started);
    },
    async spanEnded(span) {
      tracked.end(span);
      const energy = await waiting.measure(span);
      return energy && energyAttributes(energy);
    },
    counts: () => [{ definition: metric.benchlabSpansForgotten, value: tracked.forgotten }],
  };
}

/** The attributes that say what an operation cost, as the registry names them. */
export function energyAttributes(energy: SpanEnergy): Attributes {
  const attributes: Attributes = {
    [attribute.energyBoundary]: energy.boundary,
    [attribute.energyCoverage]: energy.coverage,
    [attribute.energySamples]: energy.samples,
    [attribute.energySource]: energy.source.id,
  };
  if (energy.source.simulated) attributes[attribute.simulated] = true;
  if (!energy.resolved) return attributes;
  for (const [role, { joules, stderr }] of Object.entries(energy.roles)) {
    const names = roleAttributes[role as EnergyRole]; // Object.entries widens the key
    attributes[names.joules] = joules;
    attributes[names.stderr] = stderr;
    attributes[attribute.energyMethod] = energy.method;
    attributes[attribute.energyNature] = energy.nature;
  }
  return attributes;
}

const roleAttributes: Record<EnergyRole, { joules: string; stderr: string }> = {
  system: { joules: attribute.energySystemJoules, stderr: attribute.energySystemStderr },
  cpu: { joules: attribute.energyCpuJoules, stderr: attribute.energyCpuStderr },
  gpu: { joules: attribute.energyGpuJoules, stderr: attribute.energyGpuStderr },
};
