/** True for an object or a function, which a WeakMap can have as a key; false for a primitive value. */
export function hasIdentity(value: unknown): value is object {
  // `Object()` makes a new object of a primitive value, and returns any other value itself.
  return Object(value) === value;
}
