import { hasIdentity } from './hasIdentity.ts';
import { warnOfTwin } from './twins.ts';
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

/** Always `name`. In development, the first call, when there is an SDK and so a log, looks for another class of that name. */
export function watchedName(name: string, owner: unknown): NameOf {
  // Read here and not at each call, because process.env is slow. Bundlers for production remove the check.
  if (typeof process !== 'undefined' && process.env.NODE_ENV !== 'production') {
    let isFirst = true;
    return () => {
      if (isFirst && hasIdentity(owner)) warnOfTwin(name, owner);
      isFirst = false;
      return name;
    };
  }
  return named(name);
}

/** What a standard decorator receives about its method, as far as its name needs it. */
export interface MethodPlace {
  readonly name: string | symbol;
  readonly private?: boolean;
  readonly access?: { has?(object: object): boolean };
  /** Runs `initialize` with each new object, or once with the class of a static method. */
  addInitializer?(initialize: (this: unknown) => void): void;
}

/**
 * Returns how to name a method of which only the key is known. `wrapper` returns the wrapper, which is made later. A
 * method may be called without its object (`emitter.on('data', shop.onData)`), so the class is learned from an object that
 * certainly has the method: a new one, or one on which our wrapper is found. A foreign `this` never gives the name.
 */
export function nameByOwner(place: MethodPlace, wrapper: () => Body): NameOf {
  const { name: key, access } = place;
  let known: NameOf | undefined;
  // A private method is not on a prototype, so it is named after the class of its object.
  const ownName = (self: object): NameOf | undefined =>
    place.private === true ? named(methodName(self, key)) : nameOf(ownerOf(self, key, wrapper()), key);
  const learn = (self: object): void => {
    try {
      known = ownName(self) ?? nameOf(nearestWith(self, key), key);
    } catch {
      // The new object is a proxy that refuses: its constructor must not fail by that.
    }
  };
  /** Of a static method. esbuild gives the class its name after its initializers have run: until then it is `_Shop`. */
  let ofClass: object | undefined;
  place.addInitializer?.(function () {
    if (known !== undefined || !hasIdentity(this)) return;
    if (typeof this === 'function') ofClass = this;
    else learn(this);
  });
  return (self) => {
    if (known === undefined && ofClass !== undefined) learn(ofClass);
    if (place.private === true) {
      const isOwn = hasIdentity(self) && access?.has?.(self) !== false;
      return isOwn ? methodName(self, key) : (known?.(self) ?? methodName(undefined, key));
    }
    if (known === undefined && hasIdentity(self)) known = ownName(self);
    return known?.(self) ?? methodName(undefined, key);
  };
}

/** The object itself is not kept. */
function named(name: string): NameOf {
  return () => name;
}

function nameOf(owner: object | undefined, key: string | symbol): NameOf | undefined {
  return owner && watchedName(methodName(owner, key), owner);
}

/** The prototype or class that holds the wrapper. Standard decorators do not receive it. */
function ownerOf(self: object, key: string | symbol, wrapper: Body): object | undefined {
  return holder(self, key, ({ value, get, set }) => [value, get, set].some((made) => madeOf(made).includes(wrapper)));
}

/** A decorator of another library on top hides our wrapper: then it is the nearest object that has the key. */
function nearestWith(self: object, key: string | symbol): object | undefined {
  return holder(self, key, () => true);
}

function holder(
  self: object,
  key: string | symbol,
  accepts: (property: PropertyDescriptor) => boolean,
): object | undefined {
  for (let object: object | null = self; object !== null; object = Object.getPrototypeOf(object)) {
    const property = Object.getOwnPropertyDescriptor(object, key);
    if (property !== undefined && accepts(property)) return object;
  }
  return undefined;
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
