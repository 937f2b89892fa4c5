import { type MethodPlace, methodName, type NameOf, nameByOwner } from './owner.ts';
import type { Body } from './watch.ts';
import { wrongOption } from './wrongOption.ts';

/** Any function. */
export type AnyFunction = (...args: never) => unknown;

/**
 * `unknown` when a function with parameters `A` can be called with those of `F`, and one of the result `R` with what
 * `F` returns or its promise resolves with; else `never`.
 */
export type Fits<A extends readonly unknown[], F extends AnyFunction, R = unknown> = ((...args: A) => void) extends (
  ...args: Parameters<F>
) => void
  ? [Awaited<ReturnType<F>>] extends [R]
    ? unknown
    : never
  : never;

/** What a standard decorator receives about its method, getter or setter. */
export interface MethodContext {
  readonly kind: 'method' | 'getter' | 'setter';
  readonly name: string | symbol;
}

/** What a standard decorator receives about its `accessor`. */
export interface AccessorContext {
  readonly kind: 'accessor';
  readonly name: string | symbol;
}

/** The two halves of an accessor, as standard decorators pass them. */
export interface AccessorHalves<T> {
  get(): T;
  set(value: T): void;
}

/**
 * A decorator of methods and accessors under either mode, TC39 standard or `experimentalDecorators`: public, private,
 * static, sync, async and generator methods alike. `A` are the parameters that its selectors take, `R` is what its
 * selector of the result takes. The compiler refuses a method that does not fit them.
 */
export interface MethodMark<A extends readonly unknown[] = unknown[], R = unknown> {
  <F extends AnyFunction>(method: F, context: MethodContext & Fits<A, F, R>): F;
  <T>(halves: AccessorHalves<T>, context: AccessorContext): AccessorHalves<T>;
  <F extends AnyFunction>(
    target: object & Fits<A, F, R>,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>;
  <T>(
    target: object & (T extends AnyFunction ? never : unknown),
    key: string | symbol,
    accessor: TypedPropertyDescriptor<T>,
  ): TypedPropertyDescriptor<T>;
}

/** Makes the watched function of a method. */
export type Mark = (body: Body, nameOf: NameOf) => Body;

/** `@Timed`, `@Timed('name')` and `@Timed({ ... })`: `make` makes the mark from the name or the options. */
export function markOf(by: string, make: (given: unknown) => Mark): (...args: unknown[]) => unknown {
  return (...args) => {
    // A decorator is called with a target and a context or key; a function that makes one has at most one argument.
    if (args.length >= 2) return decorate(by, make(undefined), args);
    const mark = make(args[0]);
    return (...decoration: unknown[]) => decorate(by, mark, decoration);
  };
}

/** A mark that only reads the functions of a method or accessor, and leaves them as they are. */
export function markUntouched(by: string, see: (body: Body) => void): (...args: unknown[]) => unknown {
  return markOf(by, () => (body) => {
    see(body);
    return body;
  });
}

/** `timed(fn)` and `timed(given, fn)`: the same for a plain function. */
export function wrapOf(by: string, make: (given: unknown) => Mark): (first: unknown, second?: unknown) => Body {
  return (first, second) => {
    const fn = second ?? first;
    if (typeof fn !== 'function') throw wrongOption(`${by}()`, 'fn', fn, 'a function');
    const name = fn.name || 'anonymous';
    return make(second && first)(fn as Body, () => name);
  };
}

/** Decorates one method or accessor. @throws TypeError when it is put on anything else. */
function decorate(by: string, mark: Mark, args: readonly unknown[]): unknown {
  const [target, about, descriptor] = args;
  if (isStandardContext(about)) return markStandard(by, mark, target, about);
  const { value, get, set } = (descriptor ?? {}) as PropertyDescriptor;
  const name = methodName(target, about as string | symbol);
  const markEach = (body: unknown) => body && mark(body as Body, () => name);
  if (typeof value === 'function') return { ...(descriptor as object), value: markEach(value) };
  if (get === undefined && set === undefined) throw refusal(by, about, 'field');
  return { ...(descriptor as object), get: markEach(get), set: markEach(set) };
}

interface StandardContext extends MethodPlace {
  readonly kind: string;
}

function markStandard(by: string, mark: Mark, target: unknown, context: StandardContext): unknown {
  const markEach = (body: Body): Body => {
    const wrapper: Body = mark(
      body,
      nameByOwner(context, () => wrapper),
    );
    return wrapper;
  };
  if (context.kind === 'accessor') {
    const { get, set } = target as AccessorHalves<unknown>;
    return { get: markEach(get), set: markEach(set as Body) };
  }
  if (!/^(method|getter|setter)$/.test(context.kind)) throw refusal(by, context.name, context.kind);
  return markEach(target as Body);
}

function isStandardContext(value: unknown): value is StandardContext {
  return typeof (value as { kind?: unknown } | undefined)?.kind === 'string';
}

function refusal(by: string, key: unknown, kind: string): TypeError {
  return new TypeError(`@${by} marks methods and accessors; ${String(key)} is a ${kind}. Wrap its function.`);
}
