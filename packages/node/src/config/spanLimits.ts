import { shown } from '@benchlab-otel/core';
import type { SpanLimits } from '@opentelemetry/sdk-trace';
import { type Env, firstSet } from './environment.ts';

/**
 * OpenTelemetry specification, "Environment Variable Specification", Attribute Limits and Span Limits: of the variables of a
 * limit the first that is set counts. The names with PER are those of OpenTelemetry JS.
 */
const variables: Readonly<Record<keyof SpanLimits, readonly string[]>> = {
  attributeValueLengthLimit: ['OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'],
  attributeCountLimit: ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
  eventCountLimit: ['OTEL_SPAN_EVENT_COUNT_LIMIT'],
  linkCountLimit: ['OTEL_SPAN_LINK_COUNT_LIMIT'],
  attributePerEventCountLimit: ['OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', 'OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT'],
  attributePerLinkCountLimit: ['OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', 'OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT'],
};

/** Those limits of spans that are set. A wrong value has no effect and gets a warning. */
export function spanLimits(env: Env): { readonly limits: SpanLimits; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const entries = Object.entries(variables).flatMap(([limit, names]) => {
    const given = firstSet(env, names);
    if (given === undefined) return [];
    if (/^\d{1,9}$/.test(given.value)) return [[limit, Number(given.value)] as const];
    warnings.push(`${given.from} is ${shown(given.value)}, which has no effect. It must be a whole number from 0.`);
    return [];
  });
  return { limits: Object.fromEntries(entries), warnings };
}
