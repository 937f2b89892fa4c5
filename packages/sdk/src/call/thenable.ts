import { context } from '@opentelemetry/api';
import type { Watch } from './watch.ts';

type Then = (this: unknown, ...handlers: unknown[]) => unknown;

/** True for an object that can be awaited and is not the language's own promise. */
export function isThenable(result: object): result is { then: Then } {
  try {
    return typeof (result as { then?: unknown }).then === 'function';
  } catch {
    return false;
  }
}

/**
 * Ends the watch when a foreign thenable settles, without asking it to: many start their work only when `then` is
 * called (query builders), some once for every call of it. So the object stays the same, and its own `then` listens
 * along from the first time that the caller uses it. Returns false for an object that cannot be changed.
 */
export function watchThenable(thenable: { then: Then }, watch: Watch): boolean {
  const original = thenable.then;
  const inherited = !Object.hasOwn(thenable, 'then');
  const listening: Then = function (onValue, onError, ...more) {
    restore();
    const outside = context.active();
    return watch.step(original, this, [
      (value: unknown) => {
        watch.end();
        return typeof onValue === 'function' ? context.with(outside, onValue as Then, undefined, value) : value;
      },
      (error: unknown) => {
        watch.fail(error);
        if (typeof onError === 'function') return context.with(outside, onError as Then, undefined, error);
        throw error;
      },
      ...more,
    ]);
  };
  function restore(): void {
    if (thenable.then !== listening) return;
    if (inherited) Reflect.deleteProperty(thenable, 'then');
    else define(thenable, original);
  }
  return define(thenable, listening);
}

function define(thenable: object, then: Then): boolean {
  return Reflect.defineProperty(thenable, 'then', {
    value: then,
    configurable: true,
    writable: true,
    enumerable: false,
  });
}
