import type { Attributes } from '@opentelemetry/api';
import type { MetricDefinition } from '../registry/definition.ts';

/**
 * A value that an object of the telemetry reports about itself when metrics are collected: spans that it dropped since
 * it was made, or spans that wait now. It keeps plain numbers, and passes the same `attributes` object each time.
 */
export interface SelfCount {
  /** A counter (its value never falls), a gauge or an up-down counter. */
  readonly definition: MetricDefinition;
  readonly value: number;
  readonly attributes?: Attributes;
}
