import type { Attributes, Meter } from '@opentelemetry/api';
import { createReport } from '../call/report.ts';
import type { Instrument, MetricDefinition } from '../registry/definition.ts';
import { AttributeCheck } from './attributeCheck.ts';
import type { CountFault } from './recordFaults.ts';

/** Records one point of one metric, whatever it is given. Does not throw. */
export type Recorder = (value: unknown, attributes: unknown) => void;

/** Characters of a label, as the metric decorators cut it. */
const maxLabelLength = 255;

/** Makes the instrument of a definition at one meter. The number of series is bounded by the SDK (2000 an instrument). */
export function createRecorder(meter: Meter, definition: MetricDefinition, countFault: CountFault): Recorder {
  const report = createReport(`metric ${definition.name}`);
  const record = createInstrument(meter, definition);
  const wantsPositive = definition.instrument === 'counter' || definition.instrument === 'histogram';
  const check = new AttributeCheck(definition.attributes, maxLabelLength, (trouble) => {
    report(trouble);
    countFault('attribute');
  });
  return (value, attributes) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || (wantsPositive && value < 0)) {
      report(`${describe(value)} is no value of a ${definition.instrument}; it was dropped.`);
      countFault('value');
      return;
    }
    try {
      record(value, check.attributes(attributes));
    } catch (error) {
      report('a point could not be recorded.', error);
      countFault('attribute');
    }
  };
}

type Record = (value: number, attributes: Attributes) => void;

function createInstrument(meter: Meter, { name, unit, description, instrument, buckets }: MetricDefinition): Record {
  const options = { unit, description };
  const create: { readonly [I in Instrument]: () => Record } = {
    counter: () => {
      const counter = meter.createCounter(name, options);
      return (value, attributes) => counter.add(value, attributes);
    },
    updowncounter: () => {
      const counter = meter.createUpDownCounter(name, options);
      return (value, attributes) => counter.add(value, attributes);
    },
    gauge: () => {
      const gauge = meter.createGauge(name, options);
      return (value, attributes) => gauge.record(value, attributes);
    },
    histogram: () => {
      const advice = buckets === undefined ? {} : { advice: { explicitBucketBoundaries: [...buckets] } };
      const histogram = meter.createHistogram(name, { ...options, ...advice });
      return (value, attributes) => histogram.record(value, attributes);
    },
  };
  return create[instrument]();
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a value of type ${value === null ? 'null' : typeof value}`;
}
