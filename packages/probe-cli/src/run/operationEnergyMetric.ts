import type { ReceivedMetricPoint, SpanEnergy } from '@benchlab-otel/analysis';
import { attribute, metric } from '@benchlab-otel/core';
import { metrics } from '@opentelemetry/api';

/** Records the energy of calls in the histogram of the registry, unless the measured program does. */
export interface OperationEnergyRecorder {
  /**
   * Records one call. A call that is too short to be measured by itself is left out: a single figure of it is mostly
   * error.
   */
  record(operation: string, energy: SpanEnergy): void;
  /** Takes note of what the program exports: from its own histogram on, this one adds nothing, or calls would count twice. */
  exported(points: readonly Pick<ReceivedMetricPoint, 'name'>[]): void;
}

export function operationEnergyRecorder(): OperationEnergyRecorder {
  const { name, unit, description, buckets } = metric.benchlabOperationEnergy;
  const histogram = metrics.getMeter('benchlab-probe').createHistogram(name, {
    unit,
    description,
    advice: { explicitBucketBoundaries: [...(buckets ?? [])] },
  });
  let isRecordedByProgram = false;
  return {
    record(operation, energy) {
      if (isRecordedByProgram || !energy.resolved) return;
      for (const [role, { joules }] of Object.entries(energy.roles)) {
        histogram.record(joules, {
          [attribute.operation]: operation,
          [attribute.powerRole]: role,
          [attribute.energyMethod]: energy.method,
          ...(energy.source.simulated ? { [attribute.simulated]: true } : {}),
        });
      }
    },
    exported(points) {
      isRecordedByProgram ||= points.some((point) => point.name === name);
    },
  };
}
