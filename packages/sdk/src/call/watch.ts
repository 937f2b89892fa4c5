import { isThenable, watchThenable } from './thenable.ts';

/** A function or method as this package calls it: with whatever `this` and arguments it is given. */
export type Body = (this: unknown, ...args: unknown[]) => unknown;

/**
 * What follows one call of a function from its first step to its end. None of its methods throws anything but what the
 * function itself threw.
 */
export interface Watch {
  /** False when nobody wants to know how the call ends. */
  readonly wantsEnd: boolean;
  /** Runs one step of the work where it belongs: the body, or what a generator does in one pull. */
  step(body: Body, self: unknown, args: readonly unknown[]): unknown;
  /** The work has finished. */
  end(): void;
  /** The work has thrown, or its promise was rejected: with anything, `undefined` included. */
  fail(error: unknown): void;
}

/** Starts to watch a call for `sdk`, the tracer or instrument that it is watched for, or returns nothing. */
export type Begin<S> = (sdk: S, self: unknown, args: readonly unknown[]) => Watch | undefined;

/** Applies `body`: as a plain function, so that a context manager need not bind it. */
export function apply(body: Body, self: unknown, args: readonly unknown[]): unknown {
  return Reflect.apply(body, self, args);
}

/**
 * Runs a call to its end under `watch` and returns what the caller gets: a sync result as it is, a promise of the same
 * kind, the very same thenable.
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
  if (result === null || typeof result !== 'object') {
    watch.end();
    return result;
  }
  if (isNativePromise(result)) return watchPromise(result, watch);
  if (!isThenable(result) || !watchThenable(result, watch)) watch.end();
  return result;
}

/** Its `then` is the language's own: a subclass may start its work only in `then`, which is the caller's to decide. */
function isNativePromise(result: object): result is Promise<unknown> {
  try {
    return result instanceof Promise && result.then === Promise.prototype.then;
  } catch {
    return false;
  }
}

/** One reaction, and the promise that it makes: the original would count as handled and hide an unhandled rejection. */
function watchPromise(promise: Promise<unknown>, watch: Watch): Promise<unknown> {
  const watched = promise.then(
    (value) => {
      watch.end();
      return value;
    },
    (error: unknown) => {
      watch.fail(error);
      throw error;
    },
  );
  // Some libraries hang helpers on the promise itself.
  for (const key of Object.keys(promise)) copyProperty(promise, watched, key);
  return watched;
}

function copyProperty(from: object, to: object, key: string): void {
  const property = Object.getOwnPropertyDescriptor(from, key);
  if (property !== undefined) Object.defineProperty(to, key, property);
}
