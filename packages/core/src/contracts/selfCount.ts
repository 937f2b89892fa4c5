import type { Attributes } from '@opentelemetry/api';
import type { MetricDefinition } from '../registry/definition.ts';

/**
 * What an object of the telemetry says of itself when metrics are collected: spans that it dropped since it was made, or
 * how many wait now. It keeps plain numbers, and hands them out with the same `attributes` object each time.
 */
export interface SelfCount {
  /** A counter (its value never falls), a gauge or an up-down counter. */
  readonly definition: MetricDefinition;
  readonly value: number;
  readonly attributes?: Attributes;
}
