import type { Watch } from './watch.ts';

/** True when `then` is the language's own. A subclass may start its work in `then`, and only the caller decides when. */
export function isNativePromise(result: unknown): result is Promise<unknown> {
  try {
    return result instanceof Promise && result.then === Promise.prototype.then;
  } catch {
    return false;
  }
}

/**
 * Calls `onValue`, or `fail` of the watch. Returns the promise that this one reaction makes, of the same kind and with the
 * same properties. The original would count as handled and hide an unhandled rejection.
 */
export function watchPromise<T>(
  promise: Promise<T>,
  watch: Pick<Watch, 'fail'>,
  onValue: (value: T) => void,
): Promise<T> {
  const watched = promise.then(
    (value) => {
      onValue(value);
      return value;
    },
    (error: unknown) => {
      watch.fail(error);
      throw error;
    },
  );
  // Some libraries put helpers on the promise itself.
  for (const key of Object.keys(promise)) {
    const property = Object.getOwnPropertyDescriptor(promise, key);
    if (property !== undefined) Reflect.defineProperty(watched, key, property);
  }
  return watched;
}
