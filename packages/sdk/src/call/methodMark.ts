import type { Body } from './watch.ts';
import { isMadeOf } from './wrapper.ts';

/** Any function at all. */
export type AnyFunction = (this: never, ...args: never[]) => unknown;

/** `unknown` when a function with parameters `A` can be called with those of `F`, else `never`. */
export type Fits<A extends readonly unknown[], F extends AnyFunction> = ((...args: A) => void) extends (
  ...args: Parameters<F>
) => void
  ? unknown
  : never;

/** What a standard decorator is told about its method. */
export interface MethodContext {
  readonly kind: 'method';
  readonly name: string | symbol;
}

/**
 * A decorator of methods under either mode, TC39 standard or `experimentalDecorators`: public, private, static, sync,
 * async and generator methods alike. `A` are the parameters that its selectors take; a method whose parameters do not
 * fit them is refused by the compiler.
 */
export interface MethodMark<A extends readonly unknown[] = unknown[]> {
  <F extends AnyFunction>(method: F, context: MethodContext & Fits<A, F>): F;
  <F extends AnyFunction>(
    target: object & Fits<A, F>,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>;
}

/** The name of the method that was called on `self`: `Shop.buy`. */
export type NameOf = (self: unknown) => string;

/** Makes the watched function of a method. */
export type Mark = (body: Body, nameOf: NameOf) => Body;

/** Tells a decorator's own call, `@Span`, from one that makes a decorator, `@Span('name')`. */
export function isDecoration(args: readonly unknown[]): boolean {
  return args.length >= 2;
}

/** Decorates one method. @throws TypeError when what it stands on is no method. */
export function decorate(by: string, mark: Mark, args: readonly unknown[]): unknown {
  const [target, about, descriptor] = args;
  if (isStandardContext(about)) {
    if (about.kind !== 'method' || typeof target !== 'function') throw notAMethod(by, about.name, about.kind);
    return markStandard(mark, target as Body, about.name);
  }
  const property = descriptor as PropertyDescriptor | undefined;
  if (typeof property?.value !== 'function') throw notAMethod(by, about, property?.get ? 'getter' : 'field');
  const name = joinName(classNameOf(target), about as string | symbol);
  return { ...property, value: mark(property.value as Body, () => name) };
}

function markStandard(mark: Mark, body: Body, key: string | symbol): Body {
  let known: string | undefined;
  const wrapper: Body = mark(body, (self) => {
    if (known !== undefined) return known;
    const owner = findOwner(self, key, wrapper);
    const name = joinName(classNameOf(owner.of), key);
    if (owner.isCertain) known = name;
    return name;
  });
  return wrapper;
}

/**
 * The prototype or class that holds the method. Standard decorators are not told it, so it is looked for when the
 * method is first called. Another library's decorator on top hides our function: then the nearest owner of the key is
 * the best answer, and a private method is nowhere to be found: then it is the object's own class.
 */
function findOwner(self: unknown, key: string | symbol, wrapper: Body): { of: unknown; isCertain: boolean } {
  let nearest: unknown;
  for (let object = self; isObject(object); object = Object.getPrototypeOf(object)) {
    const property = Object.getOwnPropertyDescriptor(object, key);
    if (property === undefined) continue;
    if (isMadeOf(property.value, wrapper)) return { of: object, isCertain: true };
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

function joinName(className: string, key: string | symbol): string {
  const method = typeof key === 'symbol' ? `[${key.description ?? ''}]` : key;
  return className === '' ? method : `${className}.${method}`;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isStandardContext(value: unknown): value is { kind: string; name: string | symbol } {
  return typeof value === 'object' && value !== null && typeof (value as { kind?: unknown }).kind === 'string';
}

function notAMethod(by: string, key: unknown, kind: string): TypeError {
  return new TypeError(
    `@${by} marks methods, and ${String(key)} is a ${kind}. Wrap the function itself: ${by.toLowerCase()}.`,
  );
}
