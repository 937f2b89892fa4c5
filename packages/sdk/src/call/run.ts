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
  if (result !== null && typeof result === 'object') {
    if (isNativePromise(result)) {
      return watchPromise(
        result,
        (value) => isFollowed(value, watch) || watch.returned(value),
        (error) => watch.fail(error),
      );
    }
    if (follow(result, watch)) return result;
  }
  watch.returned(result);
  return result;
}

/** True when the work goes on after its promise has resolved: with a stream, a generator, an observable. */
function isFollowed(value: unknown, watch: Watch): boolean {
  return typeof value === 'object' && value !== null && follow(value, watch);
}
