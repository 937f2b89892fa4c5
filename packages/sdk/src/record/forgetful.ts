import type { Attributes } from '@opentelemetry/api';

/**
 * What a gauge may have beyond the OpenTelemetry API: the series of `attributes` has no value from now on, until the next
 * one is recorded. Gauges of `startTelemetry` have it; those of another SDK keep their last value.
 */
export interface ForgetfulGauge {
  readonly forget: (attributes: Attributes) => void;
}

/** How a gauge forgets the value of a series, if it can. */
export function forgetOf(gauge: object): ForgetfulGauge['forget'] | undefined {
  return 'forget' in gauge && typeof gauge.forget === 'function' ? (gauge as ForgetfulGauge).forget : undefined;
}
