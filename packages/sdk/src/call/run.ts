import { follow } from './follow.ts';
import type { Body, Watch } from './watch.ts';

/**
 * Runs a call to its end under `watch` and returns what the caller gets: a sync result unchanged, a promise of the same
 * kind, or the same thenable, stream or observable.
 */
export function run(watch: Watch, body: Body, self: unknown, args: readonly unknown[]): unknown {
  let result: unknown;
  try {
    result = watch.step(body, self, args);
  } catch (error) {
    watch.fail(error);
    throw error;
  }
  if (!watch.wantsEnd) return result;
  if (result !== null && typeof result === 'object') {
    if (isNativePromise(result)) return watchPromise(result, watch);
    if (follow(result, watch)) return result;
  }
  watch.returned(result);
  return result;
}

/** True when `then` is the language's own. A subclass may start its work in `then`, and only the caller decides when. */
function isNativePromise(result: object): result is Promise<unknown> {
  try {
    return result instanceof Promise && result.then === Promise.prototype.then;
  } catch {
    return false;
  }
}

/** True when the work goes on after its promise has resolved: with a stream, a generator, an observable. */
function isFollowed(value: unknown, watch: Watch): boolean {
  return typeof value === 'object' && value !== null && follow(value, watch);
}

/** Returns the promise that one reaction makes. The original would count as handled and hide an unhandled rejection. */
function watchPromise(promise: Promise<unknown>, watch: Watch): Promise<unknown> {
  const watched = promise.then(
    (value) => {
      if (!isFollowed(value, watch)) watch.returned(value);
      return value;
    },
    (error: unknown) => {
      watch.fail(error);
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
