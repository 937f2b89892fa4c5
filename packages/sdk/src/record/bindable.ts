import type { Attributes } from '@opentelemetry/api';

/** Records one value of one series. */
export type RecordValue = (value: number) => void;

/**
 * What an instrument may have beyond the OpenTelemetry API: it looks the series of `attributes` up once, and not for
 * every value. The attributes must not change afterwards. Instruments of `startTelemetry` have it, unless enrichers
 * need the attributes of each value.
 */
export interface BindableInstrument {
  readonly bind: (attributes: Attributes) => RecordValue;
}

/** True for an instrument that can be bound to a series. */
export function isBindable(instrument: object): instrument is BindableInstrument {
  return 'bind' in instrument && typeof instrument.bind === 'function';
}

/** Binds an instrument; one that cannot be bound looks the series up for each value, by `record`. */
export function bindOf(
  instrument: object,
  record: (value: number, attributes: Attributes) => void,
): BindableInstrument['bind'] {
  if (isBindable(instrument)) return instrument.bind;
  return (attributes) => (value) => record(value, attributes);
}

/** Records values whose attributes are mostly the object of the last value. */
export function rebound(
  instrument: object,
  record: (value: number, attributes: Attributes) => void,
): (value: number, attributes: Attributes) => void {
  const bind = bindOf(instrument, record);
  let last: { readonly of: Attributes; readonly record: RecordValue } | undefined;
  return (value, attributes) => {
    if (last?.of !== attributes) last = { of: attributes, record: bind(attributes) };
    last.record(value);
  };
}
