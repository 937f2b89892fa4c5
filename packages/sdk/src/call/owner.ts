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
 * Returns how to name a method of which only the key is known. `wrapper` returns the wrapper, which is made later. A
 * private method is not on a prototype, so it is named after the class of its object.
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
 * The prototype or class that holds the method. Standard decorators do not receive it, so it is looked up when the
 * method is first called. A decorator of another library on top hides our function: then the nearest object that has
 * the key is used.
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
