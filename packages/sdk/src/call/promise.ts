/** True when `then` is the language's own. A subclass may start its work in `then`, and only the caller decides when. */
export function isNativePromise(result: object): result is Promise<unknown> {
  try {
    return result instanceof Promise && result.then === Promise.prototype.then;
  } catch {
    return false;
  }
}

/**
 * Returns the promise that one reaction makes, of the same kind and with the same properties. The original would count as
 * handled and hide an unhandled rejection.
 */
export function watchPromise<T>(
  promise: Promise<T>,
  onValue: (value: T) => void,
  onError: (error: unknown) => void,
): Promise<T> {
  const watched = promise.then(
    (value) => {
      onValue(value);
      return value;
    },
    (error: unknown) => {
      onError(error);
      throw error;
    },
  );
  // Some libraries put helpers on the promise itself.
  for (const key of Object.keys(promise)) copyProperty(promise, watched, key);
  return watched;
}

function copyProperty(from: object, to: object, key: string): void {
  const property = Object.getOwnPropertyDescriptor(from, key);
  if (property !== undefined) Object.defineProperty(to, key, property);
}
