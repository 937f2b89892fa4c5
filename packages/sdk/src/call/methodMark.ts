import { functionName } from './functionName.ts';
import { markedOf } from './marked.ts';
import { checkFunction, checkPlace } from './optionChecks.ts';
import { type MethodPlace, methodName, type NameOf, nameByOwner, watchedName } from './owner.ts';
import type { Body } from './watch.ts';

/** Any function. */
export type AnyFunction = (...args: never) => unknown;

/** What the compiler prints where it is not so. */
type DoesNotFit =
  'An option of this mark is a function whose parameters do not fit the parameters or the result of the method.';

/**
 * `unknown` when a function with parameters `A` can be called with those of `F`, and one of the result `R` with what
 * `F` returns or its promise resolves with; else a sentence.
 */
export type Fits<A extends readonly unknown[], F extends AnyFunction, R = unknown> = ((...args: A) => void) extends (
  ...args: Parameters<F>
) => void
  ? [Awaited<ReturnType<F>>] extends [R]
    ? unknown
    : DoesNotFit
  : DoesNotFit;

/** A class or a prototype. Not `object`: the compiler reduces that with a sentence to `never`. */
interface Owner {
  readonly constructor: unknown;
}

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
 * selector of the result takes. The compiler refuses a method that does not fit them. Of several signatures it explains the
 * last, so those of methods come after those of accessors.
 */
export interface MethodMark<A extends readonly unknown[] = unknown[], R = unknown> {
  <T>(halves: AccessorHalves<T>, context: AccessorContext): AccessorHalves<T>;
  <F extends AnyFunction>(method: F, context: MethodContext & Fits<A, F, R>): F;
  <T>(
    target: object & (T extends AnyFunction ? never : unknown),
    key: string | symbol,
    accessor: TypedPropertyDescriptor<T>,
  ): TypedPropertyDescriptor<T>;
  <F extends AnyFunction>(
    target: Owner & Fits<A, F, R>,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>;
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

/** The names in the options of a mark: a text alone is the name of a span, or of a metric. */
interface GivenName {
  readonly functionName?: string;
  readonly name?: unknown;
}

/**
 * `timed(fn)` and `timed(given, fn)`: the same for a plain function. With `isSpan`, a function without a name of its own
 * has that of the span.
 */
export function wrapOf(
  by: string,
  make: (given: unknown) => Mark,
  isSpan = false,
): (first: unknown, second?: unknown) => Body {
  return (first, second) => {
    const fn = (second ?? first) as Body;
    checkFunction(`${by}()`, fn);
    const given = (second && first) as GivenName | string | undefined;
    const wrapper = make(given)(fn, () => marked.name as string); // set below, before any call
    const marked = markedOf(wrapper);
    const { functionName: wanted, name }: GivenName = typeof given === 'string' ? { name: given } : (given ?? {});
    if (wanted !== undefined) marked.name = wanted;
    // Where marks are stacked, one that has a name gives it to all.
    else if (isSpan && !fn.name && typeof name === 'string') marked.name = functionName(fn, name);
    else marked.name ??= functionName(fn);
    return wrapper;
  };
}

/** Decorates one method or accessor. @throws TypeError in development, when it is put on anything else. */
function decorate(by: string, mark: Mark, args: readonly unknown[]): unknown {
  const [target, about, descriptor] = args;
  if (isStandardContext(about)) return markStandard(by, mark, target, about);
  const { value, get, set } = (descriptor ?? {}) as PropertyDescriptor;
  const nameOf = watchedName(methodName(target, about as string | symbol), target);
  const markEach = (body: unknown) => body && mark(body as Body, nameOf);
  if (typeof value === 'function') return { ...(descriptor as object), value: markEach(value) };
  checkPlace(by, about, get || set ? 'getter' : 'field');
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
  checkPlace(by, context.name, context.kind);
  return markEach(target as Body);
}

function isStandardContext(value: unknown): value is StandardContext {
  return typeof (value as { kind?: unknown } | undefined)?.kind === 'string';
}
