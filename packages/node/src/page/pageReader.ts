import {
  AggregationTemporality,
  type CollectionResult,
  type MetricProducer,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';

/** Collects when the page is read. Cumulative, as Prometheus expects it. */
export class PageReader extends MetricReader {
  readonly #collected: (metrics: ResourceMetrics) => ResourceMetrics;

  /** @param collected what the page may show of what was collected */
  constructor(
    metricProducers: MetricProducer[],
    collected: (metrics: ResourceMetrics) => ResourceMetrics = (metrics) => metrics,
  ) {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE, metricProducers });
    this.#collected = collected;
  }

  override async collect(options?: Parameters<MetricReader['collect']>[0]): Promise<CollectionResult> {
    const { resourceMetrics, errors } = await super.collect(options);
    return { resourceMetrics: this.#collected(resourceMetrics), errors };
  }

  /** Nothing waits to be sent. */
  protected override async onForceFlush(): Promise<void> {}

  /** The page's server is closed by the page. */
  protected override async onShutdown(): Promise<void> {}
}
