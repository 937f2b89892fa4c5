import type { Attributes } from '@opentelemetry/api';

/** Records one value of one series. */
export type RecordValue = (value: number) => void;

/**
 * What an instrument may have beyond the OpenTelemetry API: it finds the series of `attributes` once, and not for every
 * value. The attributes must not change afterwards. Those of `startTelemetry` have it where nothing depends on when
 * attributes are looked at.
 */
export interface BindableInstrument {
  readonly bind: (attributes: Attributes) => RecordValue;
}

/** Binds an instrument; one that cannot be bound looks the series up for each value, by `record`. */
export function bindOf(
  instrument: object,
  record: (value: number, attributes: Attributes) => void,
): BindableInstrument['bind'] {
  const { bind } = instrument as Partial<BindableInstrument>;
  return bind ?? ((attributes) => (value) => record(value, attributes));
}

/** Records values whose attributes are mostly the object of last time. */
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
