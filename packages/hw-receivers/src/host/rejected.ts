import type { Sensor } from '@benchlab-otel/core';
import { attribute, metric } from '@benchlab-otel/core/definitions';

/**
 * Counts what a source of this receiver delivered and what was left out, by why: `implausible` each reading, `no_room` each
 * device, channel or counter once.
 */
export function rejectedSensor(sourceId: string, why: 'implausible' | 'no_room'): Sensor {
  return {
    metric: metric.benchlabReadingsRejected,
    attributes: { [attribute.hwId]: sourceId, [attribute.errorType]: why },
  };
}
