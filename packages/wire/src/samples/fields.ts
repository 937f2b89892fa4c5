import { isObject } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { BadLine } from '../lines/badLine.ts';

// Checks of the fields of a line. Every field is unknown until it went through one of them. All throw BadLine.

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a line of JSON. */
export function fieldsOf(line: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw new BadLine('not a JSON object', { cause });
  }
  if (!isObject(parsed)) throw new BadLine('not a JSON object');
  return parsed;
}

export function objectField(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (!isObject(value)) throw new BadLine(`"${name}" is not an object`);
  return value;
}

export function textField(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new BadLine(`"${name}" is not a text`);
  return value;
}

export function flagField(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') throw new BadLine(`"${name}" is neither true nor false`);
  return value;
}

export function wholeField(fields: Fields, name: string): number {
  const value = fields[name];
  if (!isNumber(value) || !Number.isSafeInteger(value) || value < 0) {
    throw new BadLine(`"${name}" is not a whole number of at least 0`);
  }
  return value;
}

export function positiveField(fields: Fields, name: string): number {
  const value = fields[name];
  if (!isDuration(value)) throw new BadLine(`"${name}" is not a number of at least 0`);
  return value;
}

/** CLOCK_MONOTONIC, ns. */
export function timeField(fields: Fields): number {
  return positiveField(fields, 'timeNs');
}

/** A set of attributes: texts, numbers, truth values and lists of them. */
export function attributesField(fields: Fields): Attributes {
  const entries = Object.entries(objectField(fields, 'attributes'));
  for (const [name, value] of entries) {
    if (!isAttributeValue(value)) throw new BadLine(`the attribute ${JSON.stringify(name)} is not an attribute value`);
  }
  return Object.fromEntries(entries) as Attributes; // checked above
}

export function isAttributeValue(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isScalar) : isScalar(value);
}

export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** Also a time: neither NaN, nor an infinity, nor negative. */
export function isDuration(value: unknown): value is number {
  return isNumber(value) && value >= 0;
}

/** A stretch of time that is not empty. */
export function isSpan(value: unknown): value is number {
  return isNumber(value) && value > 0;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || isNumber(value);
}
