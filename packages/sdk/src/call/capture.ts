import { secretName, secretText } from '@benchlab-otel/core';
import type { Attributes, AttributeValue } from '@opentelemetry/api';

/** What a selector may return: plain values, and plain objects and lists of them. Objects of classes are not allowed. */
export type Captured =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Captured[]
  | { readonly [key: string]: Captured };

/** Attributes that a selector makes; an object under a key becomes `key.inner`. */
export type CapturedAttributes = Readonly<Record<string, Captured>>;

// Every attribute costs storage in a backend, and a span with a megabyte of attributes blocks its whole batch.
const maxAttributes = 32;
const maxItems = 32;
const maxDepth = 3;
const maxKeyLength = 128;
const maxLength = 1_024;
const masked = '[masked]';

/** Bounds and masks what a selector returned. Throws what its getters throw. */
export function bound(given: object): Attributes {
  const attributes: Attributes = {};
  let room = maxAttributes;
  function add(name: string, value: unknown, depth: number): void {
    const key = name.slice(0, maxKeyLength);
    const isList = Array.isArray(value);
    if (!isList && typeof value === 'object' && value !== null) {
      addAll(value, `${key}.`, depth + 1);
      return;
    }
    const bounded = isList ? boundList(key, value) : boundText(key, value);
    if (bounded === undefined) return;
    attributes[key] = bounded;
    room -= 1;
  }
  function addAll(object: object, prefix: string, depth: number): void {
    if (depth > maxDepth) return;
    for (const key in object) {
      if (room === 0) return;
      if (Object.hasOwn(object, key)) add(prefix + key, Reflect.get(object, key), depth);
    }
  }
  addAll(given, '', 1);
  return attributes;
}

function boundText(key: string, value: unknown): string | number | boolean | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string' && typeof value !== 'bigint') return undefined;
  const text = String(value).slice(0, maxLength);
  return secretName.test(key) || secretText.test(text) ? masked : text;
}

/** A list in an attribute has one type: a mixed list becomes a list of texts. */
function boundList(key: string, list: readonly unknown[]): AttributeValue {
  const items = list.slice(0, maxItems).flatMap((item) => boundText(key, item) ?? []);
  const isMixed = items.some((item) => typeof item !== typeof items[0]);
  return (isMixed ? items.map(String) : items) as AttributeValue;
}
