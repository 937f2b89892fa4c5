import type { PollReport, Reading, Sample, SampleConsumer, SourceLoss } from '@benchlab-otel/sdk';

/** A consumer that keeps everything, for tests. */
export class Collected implements SampleConsumer {
  readonly samples: Sample[] = [];
  readonly losses: SourceLoss[] = [];
  readonly reports: PollReport[] = [];

  sample(sample: Sample): void {
    this.samples.push(sample);
  }

  lost(loss: SourceLoss): void {
    this.losses.push(loss);
  }

  polled(report: PollReport): void {
    this.reports.push(report);
  }

  /** Readings of the latest sample of a metric. */
  readings(metricName: string): readonly Reading[] {
    return this.samples.at(-1)?.readings.filter(({ sensor }) => sensor.metric.name === metricName) ?? [];
  }
}
