import { isThenable } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { boundedAttributes } from './boundedAttributes.ts';
import type { EnricherLink } from './enricherLink.ts';

/** What a hook of an enricher has returned, within its bounds. Throws where it is something else than attributes. */
export function returnedAttributes(link: EnricherLink, value: unknown): Attributes | undefined {
  const attributes = attributesOf(value);
  return (
    attributes &&
    boundedAttributes(attributes, () => {
      link.cut += 1;
    })
  );
}

/** Enrichers come from untyped callers too. */
function attributesOf(value: unknown): Attributes | undefined {
  if (value === undefined || value === null) return undefined;
  if (isThenable(value)) {
    // A rejection without a handler would end the process.
    Promise.resolve(value).catch(() => {});
    throw new TypeError('it returned a promise where attributes are needed at once');
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new TypeError(`it returned ${Array.isArray(value) ? 'a list' : typeof value}, not attributes`);
  }
  return value as Attributes; // the values are checked where they are put on the signal
}
