import { AggregationTemporality, type MetricProducer, MetricReader } from '@opentelemetry/sdk-metrics';

/** Collects when the page is read. Cumulative, as Prometheus expects it. */
export class PageReader extends MetricReader {
  constructor(metricProducers: MetricProducer[]) {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE, metricProducers });
  }

  /** Nothing waits to be sent. */
  protected override async onForceFlush(): Promise<void> {}

  /** The page's server is closed by the page. */
  protected override async onShutdown(): Promise<void> {}
}
