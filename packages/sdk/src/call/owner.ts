import { hasIdentity } from './hasIdentity.ts';
import type { Body } from './watch.ts';
import { madeOf } from './wrapper.ts';

/** The name of the method that was called on `self`: `Shop.buy`. */
export type NameOf = (self: unknown) => string;

/** `Shop.buy`, `Shop.[symbol]`, `Shop.#hidden`; the method alone where the class has no name. */
export function methodName(owner: unknown, key: string | symbol): string {
  const className = classNameOf(owner);
  const method = typeof key === 'symbol' ? `[${key.description ?? ''}]` : key;
  return className === '' ? method : `${className}.${method}`;
}

/**
 * How to name a method that only knows its key: `wrapper` is asked for once it has been made. A private method is on no
 * prototype to be found there; it is named after the class of its object.
 */
export function nameByOwner(key: string | symbol, isPrivate: boolean, wrapper: () => Body): NameOf {
  let known: string | undefined;
  return (self) => {
    if (known !== undefined) return known;
    if (isPrivate) return methodName(self, key);
    const owner = findOwner(self, key, wrapper());
    const name = methodName(owner.of, key);
    if (owner.isCertain) known = name;
    return name;
  };
}

/**
 * The prototype or class that holds the method. Standard decorators are not told it, so it is looked for when the
 * method is first called. Another library's decorator on top hides our function: then the nearest owner of the key is
 * the best answer.
 */
function findOwner(self: unknown, key: string | symbol, wrapper: Body): { of: unknown; isCertain: boolean } {
  let nearest: unknown;
  for (let object = self; hasIdentity(object); object = Object.getPrototypeOf(object)) {
    const property = Object.getOwnPropertyDescriptor(object, key);
    if (property === undefined) continue;
    const { value, get, set } = property;
    if ([value, get, set].some((made) => madeOf(made).includes(wrapper))) return { of: object, isCertain: true };
    nearest ??= object;
  }
  return { of: nearest ?? self, isCertain: false };
}

function classNameOf(owner: unknown): string {
  try {
    const named = typeof owner === 'function' ? owner : (owner as { constructor?: unknown } | undefined)?.constructor;
    const name: unknown = typeof named === 'function' ? named.name : undefined;
    return typeof name === 'string' ? name : '';
  } catch {
    return '';
  }
}
