import type { DeviceEvent, PollReport, SampleConsumer, SourceLoss } from '../contracts/receiver.ts';
import type { Reading, Sample } from '../contracts/sample.ts';

/**
 * A consumer that keeps everything.
 *
 * @example
 * const collected = new CollectedSamples();
 * await receiver.start(collected);
 * expect(collected.readings('hw.power')).toHaveLength(3);
 */
export class CollectedSamples implements SampleConsumer {
  readonly samples: Sample[] = [];
  readonly losses: SourceLoss[] = [];
  readonly reports: PollReport[] = [];
  readonly events: DeviceEvent[] = [];

  sample(sample: Sample): void {
    this.samples.push(sample);
  }

  lost(loss: SourceLoss): void {
    this.losses.push(loss);
  }

  polled(report: PollReport): void {
    this.reports.push(report);
  }

  event(event: DeviceEvent): void {
    this.events.push(event);
  }

  /** Readings of a metric in the latest sample. */
  readings(metricName: string): readonly Reading[] {
    return this.samples.at(-1)?.readings.filter(({ sensor }) => sensor.metric.name === metricName) ?? [];
  }
}
