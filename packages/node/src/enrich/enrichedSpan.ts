import type { Attributes } from '@opentelemetry/api';
import { sanitizeAttributes } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { SpanCopy } from './spanCopy.ts';

/**
 * A copy of an ended span with further attributes. Only a copy can carry them, because the SDK ignores attributes that
 * are set after the end of a span. Later parts win over earlier ones, and attributes of the span itself over all.
 */
export function enrichedSpan(span: ReadableSpan, parts: readonly (Attributes | undefined)[]): ReadableSpan {
  let added: Attributes | undefined;
  for (const part of parts) {
    if (part === undefined || isEmpty(part)) continue;
    const valid = isPlain(part) ? part : sanitizeAttributes(part);
    // A copy, because the enricher may keep what it returned. Copying an object takes a fifth of adding its names.
    added = added === undefined ? { ...valid } : Object.assign(added, valid);
  }
  if (added === undefined || isEmpty(added)) return span;
  return new SpanCopy(span, { attributes: Object.assign(added, span.attributes) });
}

/** Without a list of the names. */
function isEmpty(attributes: Attributes): boolean {
  for (const _name in attributes) return false;
  return true;
}

/** Whether the SDK would take all of them as they are: texts, numbers and truth values, not lists, with names. */
function isPlain(attributes: Attributes): boolean {
  for (const name in attributes) {
    const type = typeof attributes[name];
    if (name === '' || (type !== 'number' && type !== 'string' && type !== 'boolean')) return false;
  }
  return true;
}
