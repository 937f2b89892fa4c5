import { createReport, type Instrument, type MetricDefinition } from '@benchlab-otel/core';
import type { Attributes, Counter, Gauge, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';
import { AttributeCheck } from './attributeCheck.ts';
import { type BindableInstrument, bindOf } from './bindable.ts';
import type { CountFault } from './recordFaults.ts';

/** Records the points of one metric. Takes any value and any attributes; does not throw. */
export interface Recorder {
  record(value: unknown, attributes: unknown): void;
  /** Checks the attributes once, for all values that follow. */
  bind(attributes: unknown): (value: unknown) => void;
}

/** Characters of a label; the metric decorators cut it at the same length. */
const maxLabelLength = 255;

/** Makes the instrument of a definition at one meter. The number of series is bounded by the SDK (2000 an instrument). */
export function createRecorder(meter: Meter, definition: MetricDefinition, countFault: CountFault): Recorder {
  const report = createReport(`metric ${definition.name}`);
  const { put, bind } = createInstrument(meter, definition);
  const wantsPositive = definition.instrument === 'counter' || definition.instrument === 'histogram';
  const check = new AttributeCheck(definition.attributes, definition.vocabulary, maxLabelLength, (trouble) => {
    report(trouble);
    countFault('attribute');
  });

  function isValue(value: unknown): value is number {
    if (typeof value === 'number' && Number.isFinite(value) && !(wantsPositive && value < 0)) return true;
    report(`${describe(value)} is not a value of a ${definition.instrument}; it was dropped.`);
    countFault('value');
    return false;
  }

  return {
    record(value, attributes) {
      if (!isValue(value)) return;
      try {
        put(value, check.attributes(attributes));
      } catch (error) {
        report('a point could not be recorded.', error);
        countFault('attribute');
      }
    },
    bind(attributes) {
      try {
        const record = bind(check.attributes(attributes));
        return (value) => {
          if (isValue(value)) record(value);
        };
      } catch (error) {
        report('its attributes could not be read; its points are dropped.', error);
        return () => countFault('attribute');
      }
    },
  };
}

interface Bound {
  readonly put: (value: number, attributes: Attributes) => void;
  readonly bind: BindableInstrument['bind'];
}

function createInstrument(meter: Meter, { name, unit, description, instrument, buckets }: MetricDefinition): Bound {
  const options = { unit, description };
  const create: { readonly [I in Instrument]: () => Bound } = {
    counter: () => adding(meter.createCounter(name, options)),
    updowncounter: () => adding(meter.createUpDownCounter(name, options)),
    gauge: () => recording(meter.createGauge(name, options)),
    histogram: () => {
      const advice = buckets === undefined ? {} : { advice: { explicitBucketBoundaries: [...buckets] } };
      return recording(meter.createHistogram(name, { ...options, ...advice }));
    },
  };
  return create[instrument]();
}

function adding(counter: Counter | UpDownCounter): Bound {
  const put: Bound['put'] = (value, attributes) => counter.add(value, attributes);
  return { put, bind: bindOf(counter, put) };
}

function recording(instrument: Histogram | Gauge): Bound {
  const put: Bound['put'] = (value, attributes) => instrument.record(value, attributes);
  return { put, bind: bindOf(instrument, put) };
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a value of type ${value === null ? 'null' : typeof value}`;
}
