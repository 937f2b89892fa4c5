import type { AttributeValue } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/core';
import type { Counter, Meter } from '@opentelemetry/api';
import { currentMeter } from '../api/scope.ts';

type Fault = AttributeValue<'benchlab.record.fault'>;

/** Counts one fault of what was to be recorded. */
export type CountFault = (fault: Fault) => void;

// By the meter's identity, as the look-up of the meter itself: a memo, not state.
let counters: { readonly of: Meter; readonly counter: Counter } | undefined;

/** Makes what was dropped or corrected visible as a metric: `benchlab.record.faults`. */
export const countFault: CountFault = (fault) => {
  const meter = currentMeter();
  if (meter === undefined) return;
  if (counters?.of !== meter) {
    const { name, unit, description } = metric.benchlabRecordFaults;
    counters = { of: meter, counter: meter.createCounter(name, { unit, description }) };
  }
  counters.counter.add(1, { [metric.benchlabRecordFaults.attributes[0]]: fault });
};
