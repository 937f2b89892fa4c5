/** True for what JSON calls an object: neither null, nor a list, nor a primitive value. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
