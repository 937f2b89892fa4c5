import { inspect } from 'node:util';

/** A matcher of the test framework: `expect.closeTo(51, 9)`, `expect.stringContaining('SKU')`, `expect.any(Number)`. */
export interface AsymmetricMatcher {
  asymmetricMatch(actual: unknown): boolean;
}

/** A value, or a matcher for it. */
export type Expected<T> = T | AsymmetricMatcher;

/** Whether a value agrees with what a test expects. Of an object, only the keys that the test names are compared. */
export function agrees(actual: unknown, expected: unknown): boolean {
  if (isMatcher(expected)) return expected.asymmetricMatch(actual);
  if (expected instanceof RegExp) return typeof actual === 'string' && actual.search(expected) !== -1;
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected);
  if (typeof actual !== 'object' || actual === null) return false;
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return false;
  const values = new Map<string, unknown>(Object.entries(actual));
  return Object.entries(expected).every(([key, value]) => agrees(values.get(key), value));
}

/** A value on one line of bounded length, for messages. */
export function shown(value: unknown): string {
  if (isMatcher(value)) return matcherShown(value);
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, maxStringLength: 100, maxArrayLength: 10, depth: 3 });
}

/** The differences of attributes, one line each. */
export function attributeFaults(actual: object, expected: object): string[] {
  const values = new Map<string, unknown>(Object.entries(actual));
  return Object.entries(expected)
    .filter(([name, value]) => !agrees(values.get(name), value))
    .map(([name, value]) =>
      values.has(name)
        ? `${name} is ${shown(values.get(name))}, not ${shown(value)}`
        : `${name} is missing, expected ${shown(value)}`,
    );
}

function isMatcher(value: unknown): value is AsymmetricMatcher {
  return (
    typeof value === 'object' &&
    value !== null &&
    'asymmetricMatch' in value &&
    typeof value.asymmetricMatch === 'function'
  );
}

/** Both frameworks give their matchers such a method: `StringContaining "SKU"`. */
function matcherShown(matcher: AsymmetricMatcher & { toAsymmetricMatcher?: () => string }): string {
  return typeof matcher.toAsymmetricMatcher === 'function' ? matcher.toAsymmetricMatcher() : 'what its matcher accepts';
}
