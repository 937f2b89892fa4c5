import { attribute, metric, type SelfCount } from '@benchlab-otel/sdk';
import type { Attributes } from '@opentelemetry/api';
import { errorTypeOf } from './retry.ts';

// Values that the semantic conventions give for these components.
const processorType = 'batching_span_processor';
export const exporterType = 'otlp_grpc_span_exporter';

/** What can be read of a queue and its exporter at any time. Plain numbers: counting a span costs an addition. */
export class ExportCounts {
  /** Spans handed to the exporter. */
  submitted = 0;
  /** Spans that found the queue full. */
  queueFull = 0;
  /** Spans that ended after the shutdown. */
  afterShutdown = 0;
  /** Spans handed to the exporter whose export has not ended. */
  inFlight = 0;
  acknowledged = 0;
  /** By `error.type`: a status of gRPC, `timeout`, or `_OTHER`. */
  readonly #failed = new Map<string, number>();
  readonly #made = new Map<string, Attributes>();

  failed(error: unknown, spans: number): void {
    const type = errorTypeOf(error);
    this.#failed.set(type, (this.#failed.get(type) ?? 0) + spans);
  }

  /** @param queue spans that wait, and how many could */
  all(queue: { readonly size: number; readonly capacity: number }): readonly SelfCount[] {
    const processed = (value: number, errorType?: string): SelfCount => ({
      definition: metric.otelSdkProcessorSpanProcessed,
      value,
      attributes: this.#attributes(processorType, errorType),
    });
    const exported = (value: number, errorType?: string): SelfCount => ({
      definition: metric.otelSdkExporterSpanExported,
      value,
      attributes: this.#attributes(exporterType, errorType),
    });
    const attributes = this.#attributes(processorType);
    return [
      processed(this.submitted),
      processed(this.queueFull, 'queue_full'),
      processed(this.afterShutdown, 'already_shutdown'),
      { definition: metric.otelSdkProcessorSpanQueueSize, value: queue.size, attributes },
      { definition: metric.otelSdkProcessorSpanQueueCapacity, value: queue.capacity, attributes },
      exported(this.acknowledged),
      ...[...this.#failed].map(([errorType, spans]) => exported(spans, errorType)),
      {
        definition: metric.otelSdkExporterSpanInflight,
        value: this.inFlight,
        attributes: this.#attributes(exporterType),
      },
    ];
  }

  /** The same object for the same words, so that a series is found by identity. */
  #attributes(type: string, errorType?: string): Attributes {
    const key = `${type} ${errorType}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const component = { [attribute.otelComponentType]: type, [attribute.otelComponentName]: `${type}/0` };
    const made = errorType === undefined ? component : { ...component, [attribute.errorType]: errorType };
    this.#made.set(key, made);
    return made;
  }
}
