import type { Attributes } from '@opentelemetry/api';

/** A text that is equal for equal attributes, in any order: the key of a series. */
export function attributesKey(attributes: Readonly<Attributes>): string {
  const names = Object.keys(attributes);
  if (names.length === 0) return '';
  return JSON.stringify(names.sort().map((name) => [name, attributes[name]]));
}
