import { hasIdentity } from './hasIdentity.ts';
import { override, restoreAll } from './override.ts';
import { isNativePromise, watchPromise } from './promise.ts';
import type { Body, Watch } from './watch.ts';

/** A method that does a part of the work: a pull of an iterator, a read of a cursor. */
type Pull = string;

/** True for `function*` and `async function*`, for the wrappers of such functions, and for what they return. */
export function isGenerator(value: object): boolean {
  return /^(Async)?Generator(Function)?$/.test(String(Reflect.get(value, Symbol.toStringTag)));
}

/**
 * Watches a generator from its first pull until it finishes, is ended early or throws. The generator stays the same
 * object; its `next`, `return` and `throw` are overridden. Every pull is a step of the work: what the body does belongs
 * to the watch, and what the consumer does between pulls does not. For a generator that is never pulled no watch begins,
 * unless `begun` is given. Returns a function that ends the watching, or undefined when the object cannot be watched.
 */
export function watchGenerator(
  generator: unknown,
  begin: () => Watch | undefined,
  begun?: Watch,
): (() => void) | undefined {
  if (!hasIdentity(generator) || typeof Reflect.get(generator, 'next') !== 'function') return undefined;
  return watchPulls(generator, ['next', 'return', 'throw'], (result) => result.done === true, begun, begin);
}

/** The same for the pulls of any object. Those that it does not have are left out. `isLast` is true for a result that is the end. */
export function watchPulls(
  object: object,
  pulls: readonly Pull[],
  // biome-ignore lint/suspicious/noExplicitAny: the object defines what its methods return.
  isLast: (result: any, pull: Pull) => boolean,
  begun: Watch | undefined,
  begin: () => Watch | undefined = () => undefined,
): (() => void) | undefined {
  let watch = begun;
  let isOver = false;
  let isInside = false;

  function fail(error: unknown): void {
    if (isOver) return;
    isOver = true;
    watch?.fail(error);
  }
  const undo = pulls.map((name) => {
    const pull = Reflect.get(object, name) as Body | undefined;
    if (typeof pull !== 'function') return undefined;
    const settle = (result: unknown): void => {
      if (isOver || !isLast(result, name)) return;
      isOver = true;
      watch?.end();
    };
    return override(object, name, function (...args) {
      if (watch === undefined && !isOver) {
        watch = name === 'next' ? begin() : undefined;
        isOver = watch === undefined;
      }
      // A body that pulls itself gets the language's TypeError; this does not end the generator.
      if (watch === undefined || isOver || isInside) return pull.apply(this, args);
      isInside = true;
      let result: unknown;
      try {
        result = watch.step(pull, this, args);
      } catch (error) {
        fail(error);
        throw error;
      } finally {
        isInside = false;
      }
      if (isNativePromise(result)) return watchPromise(result, { fail }, settle);
      settle(result);
      return result;
    });
  });
  return restoreAll(undo);
}
