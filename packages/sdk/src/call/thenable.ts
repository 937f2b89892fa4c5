import { context } from '@opentelemetry/api';
import { type Method, override } from './override.ts';
import type { Watch } from './watch.ts';

/**
 * Ends the watch when a thenable of another library settles, without calling `then`: many start their work only at that
 * call (query builders), some at every call of it. So the object stays the same, and its own `then` is overridden for
 * the first call. Returns undefined for an object that cannot be changed.
 */
export function watchThenable(thenable: { then: Method }, watch: Watch): (() => void) | undefined {
  const original = thenable.then;
  const restore = override(thenable, 'then', function (onValue, onError, ...more) {
    restore?.();
    const outside = context.active();
    return watch.step(original, this, [
      (value: unknown) => {
        watch.returned(value);
        return typeof onValue === 'function' ? context.with(outside, onValue, undefined, value) : value;
      },
      (error: unknown) => {
        watch.fail(error);
        if (typeof onError === 'function') return context.with(outside, onError, undefined, error);
        throw error;
      },
      ...more,
    ]);
  });
  return restore;
}
