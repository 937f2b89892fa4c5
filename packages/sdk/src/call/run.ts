import { follow } from './follow.ts';
import { isNativePromise, watchPromise } from './promise.ts';
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
  if (isNativePromise(result)) return watchPromise(result, watch, (value) => settle(value, watch));
  settle(result, watch);
  return result;
}

/** Ends the call, or follows its work where that goes on after it: with a stream, a generator, an observable. */
function settle(value: unknown, watch: Watch): void {
  if (typeof value !== 'object' || value === null || !follow(value, watch)) watch.returned(value);
}
