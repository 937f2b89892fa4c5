import { hasIdentity } from './hasIdentity.ts';
import { override } from './override.ts';
import type { Body, Watch } from './watch.ts';

type Result = { done?: boolean };
type Pull = (this: unknown, ...args: unknown[]) => Result | Promise<Result>;
type Pullable = Record<'next' | 'return' | 'throw', Pull>;

/** True for `function*` and `async function*`, and for what this package made of them. */
export function isGeneratorFunction(body: Body): boolean {
  const tag: unknown = Reflect.get(body, Symbol.toStringTag);
  return tag === 'GeneratorFunction' || tag === 'AsyncGeneratorFunction';
}

/**
 * Watches a generator from its first pull until it finishes, is broken off or throws. The generator stays the same
 * object; its own `next`, `return` and `throw` listen along. Every pull is a step of the work, so what the body does
 * belongs to the watch and what the consumer does between pulls does not. One that is never pulled is never begun,
 * unless the watch has `begun` before. Returns how to stop listening, or nothing for what cannot be listened to.
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
  function over(tell: () => void): void {
    if (isOver) return;
    isOver = true;
    tell();
  }
  function listen(pull: Pull, starts: boolean): Pull {
    return function (this: unknown, ...args) {
      if (watch === undefined && !isOver) {
        watch = starts ? begin() : undefined;
        isOver = watch === undefined;
      }
      // A body that pulls itself gets the language's TypeError; that is no end of the generator.
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
