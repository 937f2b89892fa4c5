import {
  type AttributesOf,
  createReport,
  type Instrument,
  isObject,
  type MetricDefinition,
  type Vocabulary,
} from '@benchlab-otel/core';
import type { Meter } from '@opentelemetry/api';
import { currentMeter } from '../api/scope.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { countFault } from './recordFaults.ts';

/**
 * Records one point of a metric: adds to a counter, sets a gauge, puts a value into a histogram, with the name, unit and
 * buckets of its definition. The compiler accepts only its attributes. At run time a point or attribute that does not
 * fit is dropped or corrected, counted in `benchlab.record.faults` and reported through `diag` once a minute; the
 * application never notices. Without an SDK it does nothing; an SDK that is registered later, or instead of another, is
 * found.
 *
 * @example recordMetric(metric.compileSuccess, 1, { backend: 'cuda', host_kind: 'offline' });
 */
export function recordMetric<const A extends readonly string[], V extends Vocabulary = Vocabulary>(
  definition: MetricDefinition<A, V>,
  value: number,
  attributes?: AttributesOf<NoInfer<A>, NoInfer<V>>,
): void {
  try {
    const meter = currentMeter();
    if (meter !== undefined) recorderOf(meter, definition)?.record(value, attributes);
  } catch (error) {
    reportUnknown('a metric could not be recorded.', error);
    countFault('metric');
  }
}

/**
 * The same for many points of one series. Its attributes are checked once, and the series is looked up once, not for
 * every point, because this is most of what a point costs. Where the SDK is not the one of `startTelemetry`, or
 * telemetry is enriched, each point looks the series up. Make the bound metric once and keep it.
 *
 * @example
 * const compiled = boundMetric(metric.compileSuccess, { backend: 'cuda', host_kind: 'offline' });
 * compiled(1);
 */
export function boundMetric<const A extends readonly string[], V extends Vocabulary = Vocabulary>(
  definition: MetricDefinition<A, V>,
  attributes?: AttributesOf<NoInfer<A>, NoInfer<V>>,
): (value: number) => void {
  let bound: { readonly to: Meter; readonly record: ((value: unknown) => void) | undefined } | undefined;
  return (value) => {
    try {
      const meter = currentMeter();
      if (meter === undefined) return;
      if (bound?.to !== meter) bound = { to: meter, record: recorderOf(meter, definition)?.bind(attributes) };
      bound.record?.(value);
    } catch (error) {
      reportUnknown('a metric could not be recorded.', error);
      countFault('metric');
    }
  };
}

// Instruments do not survive a change of provider, so they are remembered by the meter's identity. By definition too,
// weakly: code that makes a new definition for each point keeps nothing alive.
let recorders: { readonly of: Meter; readonly byDefinition: WeakMap<object, Recorder> } | undefined;
const reportUnknown = createReport('recordMetric');
const instruments: readonly Instrument[] = ['counter', 'updowncounter', 'gauge', 'histogram'];

function recorderOf(meter: Meter, definition: MetricDefinition): Recorder | undefined {
  if (recorders?.of !== meter) recorders = { of: meter, byDefinition: new WeakMap() };
  const known = recorders.byDefinition.get(definition);
  if (known !== undefined) return known;
  if (!isDefinition(definition)) {
    reportUnknown('the first argument is not the definition of a metric; the point was dropped.');
    countFault('metric');
    return undefined;
  }
  const made = createRecorder(meter, definition, countFault);
  recorders.byDefinition.set(definition, made);
  return made;
}

/** Callers without types may pass anything. */
function isDefinition(given: unknown): given is MetricDefinition {
  if (!isObject(given)) return false;
  const { name, unit, instrument, attributes } = given;
  return (
    typeof name === 'string' &&
    name !== '' &&
    typeof unit === 'string' &&
    instruments.some((each) => each === instrument) &&
    Array.isArray(attributes)
  );
}
