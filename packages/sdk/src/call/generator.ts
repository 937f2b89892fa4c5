import { hasIdentity } from './hasIdentity.ts';
import { override } from './override.ts';
import type { Body, Watch } from './watch.ts';

type Result = { done?: boolean };
type Pull = (this: unknown, ...args: unknown[]) => Result | Promise<Result>;
type Pullable = Record<'next' | 'return' | 'throw', Pull>;

/** True for `function*` and `async function*`, and for the wrappers of such functions. */
export function isGeneratorFunction(body: Body): boolean {
  const tag: unknown = Reflect.get(body, Symbol.toStringTag);
  return tag === 'GeneratorFunction' || tag === 'AsyncGeneratorFunction';
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
  if (!isPullable(generator)) return undefined;
  let watch = begun;
  let isOver = false;
  let isInside = false;

  function settle(result: Result): Result {
    if (result.done === true) over(() => watch?.end());
    return result;
  }
  function fail(error: unknown): never {
    over(() => watch?.fail(error));
    throw error;
  }
  function over(report: () => void): void {
    if (isOver) return;
    isOver = true;
    report();
  }
  function listen(pull: Pull, starts: boolean): Pull {
    return function (this: unknown, ...args) {
      if (watch === undefined && !isOver) {
        watch = starts ? begin() : undefined;
        isOver = watch === undefined;
      }
      // A body that pulls itself gets the language's TypeError; this does not end the generator.
      if (watch === undefined || isOver || isInside) return pull.apply(this, args);
      isInside = true;
      let result: Result | Promise<Result>;
      try {
        result = watch.step(pull as Body, this, args) as Result | Promise<Result>;
      } catch (error) {
        return fail(error);
      } finally {
        isInside = false;
      }
      return result instanceof Promise ? result.then(settle, fail) : settle(result);
    };
  }
  const pulls = ['next', 'return', 'throw'] as const;
  const undo = pulls.map((name) => {
    const pull: Pull | undefined = generator[name];
    return pull && override(generator, name, listen(pull, name === 'next'));
  });
  return (
    undo[0] &&
    (() => {
      for (const restore of undo) restore?.();
    })
  );
}

function isPullable(value: unknown): value is Pullable {
  return hasIdentity(value) && typeof (value as Partial<Pullable>).next === 'function';
}
