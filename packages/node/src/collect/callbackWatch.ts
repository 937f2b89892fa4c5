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
/** A timer of Node may end this much early, ms. */
const timerErrorMs = 2;
/** A call that is older has missed a collection, also where no page takes note of it: the default time of a scrape, ms. */
const longestMs = 10_000;

/** A callback that was late for a collection has still not answered, so this collection does not wait for it. */
export class UnansweredCallback extends Error {}

/** One call of a callback that has not answered. */
interface Running {
  readonly callback: Callback;
  readonly names: string;
  readonly startedMs: number;
}

/**
 * Knows the asynchronous observable callbacks that did not answer within the time of a collection. One of them would cost
 * each collection its whole time: until it answers, further collections leave its metrics out at once, and it is not called
 * again. Callbacks that are only slow are called by each collection, also by two at the same time.
 */
export class CallbackWatch {
  readonly #nowMs: () => number;
  readonly #running = new Set<Running>();
  readonly #late = new Set<Callback>();
  readonly #watched = new WeakMap<Callback, Map<string, Callback>>();
  readonly #unanswered = new Map<string, number>();
  readonly #meters = new WeakSet<Meter>();
  readonly #names = new WeakMap<Observable, string>();

  /** @param nowMs a clock that does not step */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

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

  /**
   * The names of the metrics that a collection has left out, each counted once more.
   *
   * @param limitMs how long the collection waited
   */
  takeUnanswered(limitMs: number): readonly string[] {
    const lateMs = this.#nowMs() - limitMs + timerErrorMs;
    const late = [...this.#running].filter(
      ({ callback, startedMs }) => startedMs <= lateMs || this.#late.has(callback),
    );
    for (const { callback } of late) this.#late.add(callback);
    const names = [...new Set(late.map((each) => each.names))];
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
      remove(this.#forgotten(this.#around(callback, this.#namesOf(observables))), observables);
  }

  #namesOf(observables: readonly Observable[]): string {
    return observables.map((observable) => this.#names.get(observable) ?? 'an unknown metric').join(', ');
  }

  #observable<O extends Observable>(name: string, observable: O): O {
    this.#names.set(observable, name);
    const add = observable.addCallback.bind(observable);
    const remove = observable.removeCallback.bind(observable);
    observable.addCallback = (callback) => add(this.#around(callback, name));
    observable.removeCallback = (callback) => remove(this.#forgotten(this.#around(callback, name)));
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

  /** A callback that is removed is missing nowhere. */
  #forgotten<C extends Callback>(callback: C): C {
    for (const each of this.#running) if (each.callback === callback) this.#running.delete(each);
    this.#late.delete(callback);
    return callback;
  }

  #watching(callback: Callback, names: string): Callback {
    const watching: ObservableCallback = (result) => {
      const tooOldMs = this.#nowMs() - longestMs;
      for (const { callback: of, startedMs } of this.#running) {
        if (of === watching && startedMs <= tooOldMs) this.#late.add(watching);
      }
      if (this.#late.has(watching)) throw new UnansweredCallback(`the callback of ${names} has not answered yet`);
      const call = { callback: watching, names, startedMs: this.#nowMs() };
      const answer: unknown = (callback as ObservableCallback)(result); // it takes what the SDK gives it
      if (!isThenable(answer)) return;
      this.#running.add(call);
      const answered = (): void => {
        this.#running.delete(call);
        if (![...this.#running].some((each) => each.callback === watching)) this.#late.delete(watching);
      };
      return Promise.resolve(answer).then(answered, (error: unknown) => {
        answered();
        throw error;
      });
    };
    return watching;
  }
}
