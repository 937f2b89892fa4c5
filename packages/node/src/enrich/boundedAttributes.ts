import type { Attributes, AttributeValue } from '@opentelemetry/api';

// As of captured arguments: each attribute costs storage in a backend, and a span with a megabyte of them blocks its batch.
// More of them, because the joules of a span have up to 40.
const maxAttributes = 64;
const maxKeyLength = 128;
const maxLength = 1_024;
const maxItems = 32;

/**
 * What is taken of the attributes that an enricher returned; the same object where all of it is.
 *
 * @param cut called for each value that is cut or left out
 */
export function boundedAttributes(given: Attributes, cut: () => void): Attributes {
  if (isWithin(given)) return given;
  const bounded: Attributes = {};
  let room = maxAttributes;
  for (const name in given) {
    if (room === 0) {
      cut();
      break;
    }
    room -= 1;
    const value = given[name];
    const taken = boundedValue(value);
    if (taken !== value || name.length > maxKeyLength) cut();
    bounded[name.slice(0, maxKeyLength)] = taken;
  }
  return bounded;
}

function isWithin(given: Attributes): boolean {
  let count = 0;
  for (const name in given) {
    count += 1;
    if (count > maxAttributes || name.length > maxKeyLength) return false;
    const value = given[name];
    if (typeof value === 'string' ? value.length > maxLength : typeof value === 'object') return false;
  }
  return true;
}

function boundedValue(value: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof value === 'string') return value.slice(0, maxLength);
  if (!Array.isArray(value)) return value;
  const isWhole =
    value.length <= maxItems && value.every((item) => typeof item !== 'string' || item.length <= maxLength);
  if (isWhole) return value;
  const items = value.slice(0, maxItems).map((item) => (typeof item === 'string' ? item.slice(0, maxLength) : item));
  return items as AttributeValue; // of the same types
}
