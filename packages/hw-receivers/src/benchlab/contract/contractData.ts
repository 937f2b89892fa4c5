/** Light checks for data read from a file: a wrong shape is a packaging mistake, and loading fails with the name of the field. */

type Json = Readonly<Record<string, unknown>>;

export function record(value: unknown, name: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${name}: not an object`);
  return value as Json; // checked above; its values stay unknown
}

export function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${name}: not a list`);
  return value;
}

export function entries(value: unknown, name: string): [string, unknown][] {
  return Object.entries(record(value, name));
}

export function numberAt(from: Json, key: string): number {
  const value = from[key];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new TypeError(`${key}: not a count`);
  return value;
}

export function textAt(from: Json, key: string): string {
  const value = from[key];
  if (typeof value !== 'string') throw new TypeError(`${key}: not text`);
  return value;
}
