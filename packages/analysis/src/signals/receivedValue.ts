import { isObject } from '@benchlab-otel/core';
import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { list, type Message, message } from './otlpMessage.ts';
import type { TextPool } from './textPool.ts';

/** A value of OTLP. Bytes are base64. A 64-bit integer that a number cannot hold exactly is its decimal text. */
export type ReceivedValue =
  | string
  | number
  | boolean
  | null
  | readonly ReceivedValue[]
  | { readonly [key: string]: ReceivedValue };

/** Attributes of one item that are kept: the default limit of OpenTelemetry SDKs. */
const maxAttributes = 128;
/** Lists and maps within each other. Deeper ones are null: no reader of this project goes that far. */
const maxDepth = 16;

/** Decoded attributes, and how many were left out because there were too many or they had no key. */
export interface DecodedAttributes {
  readonly attributes: Attributes;
  readonly dropped: number;
}

/**
 * The `attributes` of a message. A value that OpenTelemetry's API has no type for (a map, a list of mixed types) is kept as
 * JSON text.
 */
export function decodeAttributes(parent: Message, texts: TextPool, field = 'attributes'): DecodedAttributes {
  const pairs = list(parent, field);
  if (pairs.length === 0) return nothing;
  const attributes: Attributes = {};
  let kept = 0;
  for (const raw of pairs.length > maxAttributes ? pairs.slice(0, maxAttributes) : pairs) {
    const { key, value } = message(raw);
    const decoded = decodeValue(value, texts);
    if (typeof key !== 'string' || key === '' || decoded === null) continue;
    kept++;
    setOwn(attributes, texts.same(key), attributeValue(decoded));
  }
  return { attributes, dropped: pairs.length - kept };
}

/** Shared by all items without attributes. */
const nothing: DecodedAttributes = Object.freeze({ attributes: Object.freeze({}), dropped: 0 });

/** An assignment to this key would change the prototype. */
function setOwn(attributes: Attributes, key: string, value: AttributeValue): void {
  if (key === '__proto__') Object.defineProperty(attributes, key, { value, enumerable: true });
  else attributes[key] = value;
}

/** An AnyValue. Null where it is absent or has no value. */
export function decodeValue(raw: unknown, texts: TextPool, depth = 0): ReceivedValue {
  if (!isObject(raw) || depth > maxDepth) return null;
  const { stringValue, boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue } = raw;
  if (typeof stringValue === 'string') return texts.same(stringValue);
  if (typeof boolValue === 'boolean') return boolValue;
  if (intValue !== undefined && intValue !== null) return integer(intValue);
  if (doubleValue !== undefined && doubleValue !== null) return Number(doubleValue);
  if (bytesValue !== undefined && bytesValue !== null) {
    return Buffer.isBuffer(bytesValue) ? bytesValue.toString('base64') : String(bytesValue);
  }
  if (isObject(arrayValue)) return list(arrayValue, 'values').map((each) => decodeValue(each, texts, depth + 1));
  if (!isObject(kvlistValue)) return null;
  const pairs = list(kvlistValue, 'values').map((pair) => {
    const { key, value } = message(pair);
    return [texts.same(String(key ?? '')), decodeValue(value, texts, depth + 1)];
  });
  return Object.fromEntries(pairs);
}

function integer(value: unknown): ReceivedValue {
  const text = String(value);
  if (!/^-?[0-9]+$/.test(text)) return null;
  return Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

function attributeValue(value: Exclude<ReceivedValue, null>): AttributeValue {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value) && isUniform(value)) return value;
  return JSON.stringify(value);
}

/** Texts only, numbers only or booleans only. */
function isUniform(values: readonly ReceivedValue[]): values is string[] | number[] | boolean[] {
  const [first] = values;
  return typeof first !== 'object' && values.every((value) => typeof value === typeof first);
}
