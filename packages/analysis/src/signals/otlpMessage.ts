import { isObject } from '@benchlab-otel/core';

// Readers of fields of OTLP messages, which are the same whether they come from protobuf (ids are bytes or hexadecimal, 64-bit numbers
// that a number cannot hold are bigints) or from OTLP/JSON (ids are hexadecimal, 64-bit numbers are strings or numbers).

export type Message = Record<string, unknown>;

/** @throws TypeError when it is not a message */
export function message(value: unknown): Message {
  if (!isObject(value)) throw new TypeError('not a message of OTLP');
  return value;
}

/** A message in a field, or an empty one where the field is absent. */
export function part(parent: Message, field: string): Message {
  const value = parent[field];
  return value === undefined || value === null ? {} : message(value);
}

/** @throws TypeError when the field is there and is not a list */
export function list(parent: unknown, field: string): readonly unknown[] {
  const value = message(parent)[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new TypeError(`${field} is not a list`);
  return value;
}

/** An id in hexadecimal; undefined when it is absent, has another length, or is all zero (invalid by specification). */
export function id(value: unknown, bytes: number): string | undefined {
  if (Buffer.isBuffer(value)) return value.length === bytes ? notZero(value.toString('hex')) : undefined;
  if (typeof value !== 'string' || value.length !== bytes * 2) return undefined;
  return notZero(value) ?? notZero(value.toLowerCase());
}

/** The text, where it is hexadecimal in lower case and not zero. A loop, because every span has two or three ids. */
function notZero(hex: string): string | undefined {
  let isZero = true;
  for (let k = 0; k < hex.length; k++) {
    const code = hex.charCodeAt(k);
    if (code < codes.zero || code > codes.f || (code > codes.nine && code < codes.a)) return undefined;
    if (code !== codes.zero) isZero = false;
  }
  return isZero ? undefined : hex;
}

const codes = { zero: 0x30, nine: 0x39, a: 0x61, f: 0x66 } as const;

/** Nanoseconds since 1970. Undefined when absent, zero (unknown by specification) or not a time. */
export function epochNs(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value > 0n ? value : undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return BigInt(value);
  const ns = typeof value === 'string' && /^[0-9]{1,19}$/.test(value) ? BigInt(value) : 0n;
  return ns === 0n ? undefined : ns;
}

/** A number, also one that is written as text, as OTLP/JSON writes 64-bit integers, NaN and the infinities. */
export function number(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return undefined;
  if (/^-?(?:[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|Infinity)$/i.test(value)) return Number(value);
  return value === 'NaN' ? Number.NaN : undefined;
}

/** A count of things. Undefined when absent or not a whole number from 0. */
export function count(value: unknown): number | undefined {
  const counted = number(value);
  return counted !== undefined && Number.isInteger(counted) && counted >= 0 ? counted : undefined;
}
