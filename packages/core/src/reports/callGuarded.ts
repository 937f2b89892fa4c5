/**
 * Calls code of the application that must not disturb the caller. `failed` receives what it throws, and what the promise
 * that it returns rejects with: a rejection without a handler would end the process. Returns at once; `failed` must not
 * throw.
 */
export function callGuarded(call: () => unknown, failed: (error: unknown) => void): void {
  try {
    const result = call();
    // `resolve` also takes thenables of other libraries, and turns a `then` that throws into a rejection.
    if (isThenable(result)) Promise.resolve(result).catch(failed);
  } catch (error) {
    failed(error);
  }
}

/** True for promises, and for objects of other libraries that have a method `then`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
