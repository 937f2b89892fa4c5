import { context } from '@opentelemetry/api';
import { hasIdentity } from './hasIdentity.ts';
import { type Method, override, restoreAll } from './override.ts';
import { isNativePromise, watchPromise } from './promise.ts';
import { startersOf } from './starters.ts';
import type { Body, Watch } from './watch.ts';

type Follow = (result: object, watch: Watch) => boolean;

/**
 * Ends the watch when a thenable of another library settles, without calling `then`: many start their work only at that
 * call (query builders), some at every call of it. So the object stays the same, and its own methods are overridden until
 * the first of them starts the work: `then`, or a known one that returns a promise or a stream (`exec`,
 * `requestTransaction`). Returns undefined for an object that cannot be changed.
 */
export function watchThenable(thenable: { then: Method }, watch: Watch, follow: Follow): (() => void) | undefined {
  const undo: ((() => void) | undefined)[] = [];
  let isInside = false;
  /** Runs a method under the watch. What it calls on the thenable itself is a part of it. */
  const step = (method: Method, self: unknown, args: readonly unknown[]): unknown => {
    isInside = true;
    try {
      return watch.step(method as Body, self, args);
    } finally {
      isInside = false;
    }
  };
  /** A method that may start the work. One that returns the thenable itself or a plain value has not. */
  const start = (method: Method, self: object, args: unknown[]): unknown => {
    const result = step(method, self, args);
    if (!hasIdentity(result) || result === self) return result;
    if (isNativePromise(result)) {
      restore?.();
      return watchPromise(result, watch, (value) => watch.returned(value));
    }
    // The work is that of the result. It holds the thenable, which no code may use any more, so that this ends no call.
    follow(result, inherited(self, watch));
    return result;
  };
  const listen = (key: PropertyKey): void => {
    const method = Reflect.get(thenable, key) as Method;
    undo.push(
      override(thenable, key, function (...args) {
        if (isInside) return method.apply(this, args);
        const [first, second, ...more] = args;
        if (key === 'then') {
          restore?.();
          return step(method, this, [...handlers(watch, first, second), ...more]);
        }
        // The handler of `catch` hides from its promise that the work has failed.
        const hides = key === 'catch' && typeof first === 'function';
        return start(method, this, hides ? [handlers(watch, undefined, first)[1]] : args);
      }),
    );
  };
  listen('then');
  const restore = restoreAll(undo);
  if (restore === undefined) return undefined;
  startersOf(thenable).forEach(listen);
  return restore;
}

/** What a thenable calls when it has settled: it ends the watch, and then calls the handlers of the application. */
function handlers(watch: Watch, onValue: unknown, onError: unknown): [Method, Method] {
  const outside = context.active();
  return [
    (value: unknown) => {
      watch.returned(value);
      return typeof onValue === 'function' ? context.with(outside, onValue as Method, undefined, value) : value;
    },
    (error: unknown) => {
      watch.fail(error);
      if (typeof onError === 'function') return context.with(outside, onError as Method, undefined, error);
      throw error;
    },
  ];
}

/** The watch of `of`, for an object that `of` has made and that may be dropped while `of` is still in use. */
function inherited(of: object, watch: Watch): Watch {
  return Object.assign(Object.create(watch), { of, close: () => {} });
}
