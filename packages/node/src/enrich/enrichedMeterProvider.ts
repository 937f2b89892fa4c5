import { forgetOf } from '@benchlab-otel/sdk';
import type { Attributes, Counter, Gauge, Histogram, Meter, MeterProvider } from '@opentelemetry/api';

/** Attributes to append to one point, by the name of the metric and the attributes that the point has. */
export type PointFields = (metric: string, attributes: Readonly<Attributes>) => Attributes;

/**
 * A provider whose synchronous instruments append fields to every point before the SDK records it, so that views,
 * temporality and the cardinality limit apply to the fields too: a field with many values overflows visibly. Observable
 * instruments and up-down counters stay unchanged: +1 and -1 must reach the same series, and a field may have changed
 * between them.
 */
export function enrichedMeterProvider(inner: MeterProvider, fields: PointFields): MeterProvider {
  const meters = new WeakMap<Meter, Meter>();
  return {
    getMeter(name, version, options) {
      const meter = inner.getMeter(name, version, options);
      const known = meters.get(meter) ?? enrichedMeter(meter, fields);
      meters.set(meter, known);
      return known;
    },
  };
}

function enrichedMeter(inner: Meter, fields: PointFields): Meter {
  const appended = <A extends Attributes>(metric: string, attributes: A | undefined): A =>
    ({ ...fields(metric, attributes ?? {}), ...attributes }) as A; // with fields that A does not name
  const adding = <A extends Attributes>(metric: string, to: Counter<A>): Counter<A> => ({
    add: (value, attributes, context) => to.add(value, appended(metric, attributes), context),
  });
  const recording = <A extends Attributes>(metric: string, to: Histogram<A> | Gauge<A>): Histogram<A> => ({
    record: (value, attributes, context) => to.record(value, appended(metric, attributes), context),
  });
  return {
    createCounter: (name, options) => adding(name, inner.createCounter(name, options)),
    createUpDownCounter: (name, options) => inner.createUpDownCounter(name, options),
    createHistogram: (name, options) => recording(name, inner.createHistogram(name, options)),
    createGauge: (name, options) => {
      const gauge = inner.createGauge(name, options);
      const forget = forgetOf(gauge);
      const appending = recording(name, gauge);
      return forget ? { ...appending, forget: (given: Attributes) => forget(appended(name, given)) } : appending;
    },
    createObservableGauge: (name, options) => inner.createObservableGauge(name, options),
    createObservableCounter: (name, options) => inner.createObservableCounter(name, options),
    createObservableUpDownCounter: (name, options) => inner.createObservableUpDownCounter(name, options),
    addBatchObservableCallback: (callback, observables) => inner.addBatchObservableCallback(callback, observables),
    removeBatchObservableCallback: (callback, observables) =>
      inner.removeBatchObservableCallback(callback, observables),
  };
}
