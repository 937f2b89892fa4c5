import { context } from '@opentelemetry/api';
import { hasIdentity } from './hasIdentity.ts';
import { type Method, override } from './override.ts';
import { type Starter, startersOf } from './starters.ts';
import type { Body, Watch } from './watch.ts';

type Follow = (result: object, watch: Watch) => boolean;

/**
 * Ends the watch when a thenable of another library settles, without calling `then`: many start their work only at that
 * call (query builders), some at every call of it. So the object stays the same, and its own methods are overridden until
 * the first of them starts the work: `then`, or another one that returns a promise or a stream (`exec`,
 * `requestTransaction`). Returns undefined for an object that cannot be changed.
 */
export function watchThenable(thenable: { then: Method }, watch: Watch, follow: Follow): (() => void) | undefined {
  const undo: ((() => void) | undefined)[] = [];
  let isInside = false;
  const restore = (): void => {
    for (const each of undo.splice(0)) each?.();
  };
  /** Runs a method under the watch. What it calls on the thenable itself is a part of it. */
  const step = (method: Method, self: unknown, args: readonly unknown[]): unknown => {
    isInside = true;
    try {
      return watch.step(method as Body, self, args);
    } finally {
      isInside = false;
    }
  };
  const listen = (key: PropertyKey, method: (original: Method) => Method): void => {
    const original = Reflect.get(thenable, key) as Method;
    const listening = method(original);
    undo.push(
      override(thenable, key, function (...args) {
        return isInside ? original.apply(this, args) : listening.apply(this, args);
      }),
    );
  };
  listen(
    'then',
    (then) =>
      function (onValue, onError, ...more) {
        restore();
        return step(then, this, [...handlers(watch, onValue, onError), ...more]);
      },
  );
  if (undo[0] === undefined) return undefined;
  for (const starter of startersOf(thenable)) {
    listen(starter, (original) => listeningStart(starter, original, { watch, follow, step, restore }));
  }
  return restore;
}

interface Parts {
  readonly watch: Watch;
  readonly follow: Follow;
  readonly step: (method: Method, self: unknown, args: readonly unknown[]) => unknown;
  readonly restore: () => void;
}

/** A method that may start the work. One that returns the thenable itself or a plain value has not. */
function listeningStart(key: Starter, original: Method, { watch, follow, step, restore }: Parts): Method {
  return function (...args) {
    // The handler of `catch` hides from its promise that the work has failed.
    const [onError] = args;
    const given = key === 'catch' && typeof onError === 'function' ? [handlers(watch, undefined, onError)[1]] : args;
    const result = step(original, this, given);
    if (!hasIdentity(result) || result === this) return result;
    if (result instanceof Promise && result.then === Promise.prototype.then) {
      restore();
      // Of the same kind and with one reaction, as in `run`: the original would count as handled.
      return result.then(...handlers(watch, undefined, undefined));
    }
    // A builder that returns a new builder for each step: the work is that of the last one. It holds the first one, so
    // that a first builder which is no longer used does not end the call.
    follow(result, inherited(this, watch));
    return result;
  };
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
function inherited(of: object, watch: Watch): Watch & { readonly of: object } {
  return {
    of,
    wantsEnd: true,
    step: (body, self, args) => watch.step(body, self, args),
    returned: (value) => watch.returned(value),
    end: () => watch.end(),
    fail: (error) => watch.fail(error),
    close: () => {},
  };
}
