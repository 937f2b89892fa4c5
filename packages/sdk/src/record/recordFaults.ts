import { type AttributeValue, metric } from '@benchlab-otel/core';
import type { Counter, Meter } from '@opentelemetry/api';
import { currentMeter } from '../api/scope.ts';

type Fault = AttributeValue<'benchlab.record.fault'>;

/** Counts one fault of a record. */
export type CountFault = (fault: Fault) => void;

// By the meter's identity, like the look-up of the meter itself: a memo, not state.
let counters: { readonly of: Meter; readonly counter: Counter } | undefined;

/** Counts a record that was dropped or corrected in the metric `benchlab.record.faults`. */
export const countFault: CountFault = (fault) => {
  const meter = currentMeter();
  if (meter === undefined) return;
  if (counters?.of !== meter) {
    const { name, unit, description } = metric.benchlabRecordFaults;
    counters = { of: meter, counter: meter.createCounter(name, { unit, description }) };
  }
  counters.counter.add(1, { [metric.benchlabRecordFaults.attributes[0]]: fault });
};
