import { attribute, isThenable, metric, type SelfCount } from '@benchlab-otel/core';
import type {
  BatchObservableCallback,
  Meter,
  MeterProvider,
  MetricOptions,
  Observable,
  ObservableCallback,
} from '@opentelemetry/api';

type Callback = ObservableCallback | BatchObservableCallback;

/** Metrics that are counted by name; those beyond are counted as `other`. */
const maxNames = 100;

/**
 * Knows the asynchronous observable callbacks that have not answered yet. One of them would cost each collection its whole
 * time: while it has not answered, further collections leave its metrics out at once, and it is not called again.
 */
export class CallbackWatch {
  /** Names of the metrics of each callback that runs. */
  readonly #running = new Map<Callback, string>();
  readonly #watched = new WeakMap<Callback, Map<string, Callback>>();
  readonly #unanswered = new Map<string, number>();
  readonly #meters = new WeakSet<Meter>();
  readonly #names = new WeakMap<Observable, string>();

  /** The provider, whose observable instruments take their callbacks through this watch. */
  around(inner: MeterProvider): MeterProvider {
    return {
      getMeter: (name, version, options) => {
        const meter = inner.getMeter(name, version, options);
        if (!this.#meters.has(meter)) this.#patch(meter);
        return meter;
      },
    };
  }

  /** The names of the metrics that a collection has left out, each counted once more. */
  takeUnanswered(): readonly string[] {
    const names = [...new Set(this.#running.values())];
    for (const name of names) {
      const key = this.#unanswered.has(name) || this.#unanswered.size < maxNames ? name : 'other';
      this.#unanswered.set(key, (this.#unanswered.get(key) ?? 0) + 1);
    }
    return names;
  }

  counts(): readonly SelfCount[] {
    return [...this.#unanswered].map(([name, value]) => ({
      definition: metric.benchlabCallbacksUnanswered,
      value,
      attributes: { [attribute.metric]: name },
    }));
  }

  /** The SDK accepts only its own instruments in a batch callback, so they are patched and not wrapped. */
  #patch(meter: Meter): void {
    this.#meters.add(meter);
    const creators = meter as unknown as Record<string, (name: string, options?: MetricOptions) => Observable>;
    for (const kind of ['createObservableGauge', 'createObservableCounter', 'createObservableUpDownCounter']) {
      const create = creators[kind]?.bind(meter);
      if (create === undefined) continue;
      creators[kind] = (name, options) => this.#observable(name, create(name, options));
    }
    const add = meter.addBatchObservableCallback.bind(meter);
    const remove = meter.removeBatchObservableCallback.bind(meter);
    meter.addBatchObservableCallback = (callback: BatchObservableCallback, observables: Observable[]) =>
      add(this.#around(callback, this.#namesOf(observables)), observables);
    meter.removeBatchObservableCallback = (callback: BatchObservableCallback, observables: Observable[]) =>
      remove(this.#around(callback, this.#namesOf(observables)), observables);
  }

  #namesOf(observables: readonly Observable[]): string {
    return observables.map((observable) => this.#names.get(observable) ?? 'an unknown metric').join(', ');
  }

  #observable<O extends Observable>(name: string, observable: O): O {
    this.#names.set(observable, name);
    const add = observable.addCallback.bind(observable);
    const remove = observable.removeCallback.bind(observable);
    observable.addCallback = (callback) => add(this.#around(callback, name));
    observable.removeCallback = (callback) => remove(this.#around(callback, name));
    return observable;
  }

  /** The same function for the same callback and metrics, so that it can be removed again. */
  #around<C extends Callback>(callback: C, names: string): C {
    const byNames = this.#watched.get(callback) ?? new Map<string, Callback>();
    this.#watched.set(callback, byNames);
    const known = byNames.get(names) ?? this.#watching(callback, names);
    byNames.set(names, known);
    return known as C;
  }

  #watching(callback: Callback, names: string): Callback {
    const watching: ObservableCallback = (result) => {
      if (this.#running.has(watching)) throw new Error(`the callback of ${names} has not answered yet`);
      const answer: unknown = (callback as ObservableCallback)(result); // it takes what the SDK gives it
      if (!isThenable(answer)) return;
      this.#running.set(watching, names);
      return Promise.resolve(answer).then(
        () => void this.#running.delete(watching),
        (error: unknown) => {
          this.#running.delete(watching);
          throw error;
        },
      );
    };
    return watching;
  }
}
