import type { BindableInstrument } from '@benchlab-otel/sdk';
import type {
  Attributes,
  BatchObservableCallback,
  Counter,
  Gauge,
  Histogram,
  Meter,
  MetricOptions,
  Observable,
  ObservableCounter,
  ObservableGauge,
  ObservableUpDownCounter,
  UpDownCounter,
} from '@opentelemetry/api';
import type { RecentExemplars } from './recentExemplars.ts';

type Bindable<I> = I & Partial<BindableInstrument>;

/** Exemplars kept for each bucket of a histogram, and for a counter. All series of an instrument share them. */
const perBucket = 4;
const perCounter = 16;
/** Source: OpenTelemetry specification, metrics SDK, "Explicit bucket histogram aggregation". */
const defaultBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

/** The exemplars of an instrument; undefined when there is no room for a further instrument. */
export type RecentOf = (name: string, bounds: readonly number[], perBucket: number) => RecentExemplars | undefined;

/** A meter that keeps exemplars of the values of its histograms and counters, and otherwise forwards to the inner meter. */
export class ExemplarMeter implements Meter {
  readonly #inner: Meter;
  readonly #recentOf: RecentOf;

  constructor(inner: Meter, recentOf: RecentOf) {
    this.#inner = inner;
    this.#recentOf = recentOf;
  }

  createHistogram<A extends Attributes>(name: string, options?: MetricOptions): Histogram<A> {
    const inner: Bindable<Histogram<A>> = this.#inner.createHistogram<A>(name, options);
    const recent = this.#recentOf(name, options?.advice?.explicitBucketBoundaries ?? defaultBounds, perBucket);
    if (recent === undefined) return inner;
    return {
      ...boundTo(inner, recent),
      record(value, attributes, context) {
        inner.record(value, attributes, context);
        recent.saw(value, attributes, context);
      },
    };
  }

  createCounter<A extends Attributes>(name: string, options?: MetricOptions): Counter<A> {
    const inner: Bindable<Counter<A>> = this.#inner.createCounter<A>(name, options);
    const recent = this.#recentOf(name, [], perCounter);
    if (recent === undefined) return inner;
    return {
      ...boundTo(inner, recent),
      add(value, attributes, context) {
        inner.add(value, attributes, context);
        recent.saw(value, attributes, context);
      },
    };
  }

  createGauge<A extends Attributes>(name: string, options?: MetricOptions): Gauge<A> {
    return this.#inner.createGauge<A>(name, options);
  }

  createUpDownCounter<A extends Attributes>(name: string, options?: MetricOptions): UpDownCounter<A> {
    return this.#inner.createUpDownCounter<A>(name, options);
  }

  createObservableGauge<A extends Attributes>(name: string, options?: MetricOptions): ObservableGauge<A> {
    return this.#inner.createObservableGauge<A>(name, options);
  }

  createObservableCounter<A extends Attributes>(name: string, options?: MetricOptions): ObservableCounter<A> {
    return this.#inner.createObservableCounter<A>(name, options);
  }

  createObservableUpDownCounter<A extends Attributes>(
    name: string,
    options?: MetricOptions,
  ): ObservableUpDownCounter<A> {
    return this.#inner.createObservableUpDownCounter<A>(name, options);
  }

  addBatchObservableCallback<A extends Attributes>(
    callback: BatchObservableCallback<A>,
    observables: Observable<A>[],
  ): void {
    this.#inner.addBatchObservableCallback<A>(callback, observables);
  }

  removeBatchObservableCallback<A extends Attributes>(
    callback: BatchObservableCallback<A>,
    observables: Observable<A>[],
  ): void {
    this.#inner.removeBatchObservableCallback<A>(callback, observables);
  }
}

/** The `bind` of an instrument that has one. */
function boundTo({ bind }: Partial<BindableInstrument>, recent: RecentExemplars): Partial<BindableInstrument> {
  if (bind === undefined) return {};
  return {
    bind(attributes) {
      const record = bind(attributes);
      return (value) => {
        record(value);
        recent.saw(value, attributes);
      };
    },
  };
}
