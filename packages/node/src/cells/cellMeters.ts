import { type Clock, type ClockAnchor, systemClock } from '@benchlab-otel/core';
import { scope as boundScope } from '@benchlab-otel/sdk';
import type { HrTime, Meter, MeterProvider, MetricOptions } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  type MetricData,
  type MetricProducer,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { toHrTime } from '../collect/collectedProducer.ts';
import { GaugeCells } from './gaugeCells.ts';
import { HistogramCells } from './histogramCells.ts';
import { SumCells } from './sumCells.ts';

interface CellInstrument {
  collect(startTime: HrTime, endTime: HrTime): MetricData;
}

/**
 * Meters whose instruments add in place, and the producer of their metrics: the SDK hashes the attributes of each value,
 * which is most of the cost of a value, and its gauges cannot take a value back. Only for the scope of `@benchlab-otel/sdk`, whose decorators and
 * `recordMetric` bind their instruments; all other scopes use the SDK. Cumulative, with explicit buckets and the SDK's
 * limit of series; there are no views.
 */
export class CellMeters implements MetricProducer {
  readonly #clock: Clock;
  readonly #start: ClockAnchor;
  readonly #scopes = new Map<string, { readonly meter: Meter; readonly instruments: Map<string, CellInstrument> }>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
    this.#start = clock.anchor();
  }

  /** A provider of these meters, and for other scopes of those of `inner`. */
  around(inner: MeterProvider): MeterProvider {
    return {
      getMeter: (name, version = '', options) => {
        const meter = inner.getMeter(name, version, options);
        if (name !== boundScope.name) return meter;
        const known = this.#scopes.get(version);
        if (known !== undefined) return known.meter;
        const instruments = new Map<string, CellInstrument>();
        const made = { meter: cellMeter(meter, instruments), instruments };
        this.#scopes.set(version, made);
        return made.meter;
      },
    };
  }

  async collect(): ReturnType<MetricProducer['collect']> {
    const now = this.#clock.anchor();
    const startTime = toHrTime(this.#start, this.#start.timeNs);
    const endTime = toHrTime(now, now.timeNs);
    const scopeMetrics = [...this.#scopes].map(([version, { instruments }]) => ({
      scope: { name: boundScope.name, version },
      metrics: [...instruments.values()]
        .map((each) => each.collect(startTime, endTime))
        .filter(({ dataPoints }) => dataPoints.length > 0),
    }));
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
  }
}

/** Whether cells give an exporter the same data as the SDK: false if it asks for deltas or exponential histograms. */
export function fitsCells(exporter: PushMetricExporter): boolean {
  return [InstrumentType.COUNTER, InstrumentType.HISTOGRAM, InstrumentType.UP_DOWN_COUNTER].every((instrument) => {
    const temporality = exporter.selectAggregationTemporality?.(instrument) ?? AggregationTemporality.CUMULATIVE;
    const aggregation = exporter.selectAggregation?.(instrument).type ?? AggregationType.DEFAULT;
    return temporality === AggregationTemporality.CUMULATIVE && aggregation === AggregationType.DEFAULT;
  });
}

function cellMeter(inner: Meter, instruments: Map<string, CellInstrument>): Meter {
  /** As in the SDK, an instrument that is created again is the known one, with its first description and buckets. */
  function once<I extends CellInstrument>(kind: string, name: string, options: MetricOptions, create: () => I): I {
    const key = JSON.stringify([kind, name.toLowerCase(), options.unit ?? '']);
    const known = (instruments.get(key) as I | undefined) ?? create();
    instruments.set(key, known);
    return known;
  }
  return {
    createCounter: (name, options = {}) => once('counter', name, options, () => new SumCells(name, options, true)),
    createUpDownCounter: (name, options = {}) =>
      once('updown', name, options, () => new SumCells(name, options, false)),
    createHistogram: (name, options = {}) => once('histogram', name, options, () => new HistogramCells(name, options)),
    createGauge: (name, options = {}) => once('gauge', name, options, () => new GaugeCells(name, options)),
    createObservableGauge: (name, options) => inner.createObservableGauge(name, options),
    createObservableCounter: (name, options) => inner.createObservableCounter(name, options),
    createObservableUpDownCounter: (name, options) => inner.createObservableUpDownCounter(name, options),
    addBatchObservableCallback: (callback, observables) => inner.addBatchObservableCallback(callback, observables),
    removeBatchObservableCallback: (callback, observables) =>
      inner.removeBatchObservableCallback(callback, observables),
  };
}
