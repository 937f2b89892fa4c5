import { attribute, type MetricDefinition, type SelfCount } from '@benchlab-otel/core';
import type { ExportedSignal } from './exportedSignal.ts';
import { errorTypeOf } from './retry.ts';

/** `otel.component.type`, `otel.component.name`, and `error.type` of failures. */
type ComponentAttributes = Readonly<Record<string, string>>;

/** Counts of a queue and its exporter, which can be read at any time. Plain numbers: counting an item costs an addition. */
export class ExportCounts {
  /** Items passed to the exporter. */
  submitted = 0;
  /** Items dropped because the queue was full. */
  queueFull = 0;
  /** Items dropped because they came after the shutdown. */
  afterShutdown = 0;
  /** Items whose export has begun and not ended. */
  inFlight = 0;
  acknowledged = 0;
  /** Items by `error.type`: a gRPC status, `timeout`, or `_OTHER`. */
  readonly #failed = new Map<string, number>();
  readonly #signal: ExportedSignal;
  readonly #made = new Map<string, ComponentAttributes>();

  constructor(signal: ExportedSignal) {
    this.#signal = signal;
  }

  failed(error: unknown, items: number): void {
    const type = errorTypeOf(error);
    this.#failed.set(type, (this.#failed.get(type) ?? 0) + items);
  }

  /** @param queue the number of items that wait, and the most that may wait */
  all(queue: { readonly size: number; readonly capacity: number }): readonly SelfCount[] {
    const { processed, queueSize, queueCapacity, exported, inFlight, processorType } = this.#signal;
    const ofProcessor = (definition: MetricDefinition, value: number, errorType?: string): SelfCount => ({
      definition,
      value,
      attributes: this.#attributes(processorType, errorType),
    });
    const ofExporter = (definition: MetricDefinition, value: number, errorType?: string): SelfCount => ({
      definition,
      value,
      attributes: this.exporterAttributes(errorType),
    });
    return [
      ofProcessor(processed, this.submitted),
      ofProcessor(processed, this.queueFull, 'queue_full'),
      ofProcessor(processed, this.afterShutdown, 'already_shutdown'),
      ofProcessor(queueSize, queue.size),
      ofProcessor(queueCapacity, queue.capacity),
      ofExporter(exported, this.acknowledged),
      ...[...this.#failed].map(([errorType, items]) => ofExporter(exported, items, errorType)),
      ofExporter(inFlight, this.inFlight),
    ];
  }

  exporterAttributes(errorType?: string): ComponentAttributes {
    return this.#attributes(this.#signal.exporterType, errorType);
  }

  /** The same object for the same arguments, so that a series is found by identity. */
  #attributes(type: string, errorType: string | undefined): ComponentAttributes {
    const key = `${type} ${errorType}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const component = { [attribute.otelComponentType]: type, [attribute.otelComponentName]: `${type}/0` };
    const made = errorType === undefined ? component : { ...component, [attribute.errorType]: errorType };
    this.#made.set(key, made);
    return made;
  }
}
