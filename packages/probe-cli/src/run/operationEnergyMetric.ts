import type { SpanEnergy } from '@benchlab-otel/analysis';
import { attribute, metric } from '@benchlab-otel/core';
import { metrics } from '@opentelemetry/api';

/**
 * Records the energy of calls in the histogram of the registry. A call that is too short to be measured by itself is
 * not recorded: a single figure of it is mostly error.
 */
export function operationEnergyRecorder(): (operation: string, energy: SpanEnergy) => void {
  const { name, unit, description, buckets } = metric.benchlabOperationEnergy;
  const histogram = metrics.getMeter('benchlab-probe').createHistogram(name, {
    unit,
    description,
    advice: { explicitBucketBoundaries: [...(buckets ?? [])] },
  });
  return (operation, energy) => {
    if (!energy.resolved) return;
    for (const [role, { joules }] of Object.entries(energy.roles)) {
      histogram.record(joules, {
        [attribute.operation]: operation,
        [attribute.powerRole]: role,
        [attribute.energyMethod]: energy.method,
        ...(energy.source.simulated ? { [attribute.simulated]: true } : {}),
      });
    }
  };
}
