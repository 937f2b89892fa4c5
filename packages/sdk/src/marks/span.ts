import { type AnyFunction, type Mark, type MethodMark, markOf, wrapOf } from '../call/methodMark.ts';
import { checkOptions } from '../call/optionChecks.ts';
import { type SpanConfig, spanMark, spanOptions } from '../call/spanMark.ts';

/** `@Span`, `@Span('name')` and `@Span({ ... })`. */
export interface SpanMark extends MethodMark {
  (name?: string): MethodMark;
  <A extends readonly unknown[] = unknown[], R = unknown>(config: SpanConfig<A, R>): MethodMark<A, R>;
}

/**
 * Puts every call of a method in a span. Its name is `Class.method` unless an option sets it; it is active while the
 * method works, and ends when the work ends. Sync methods stay sync; promises, generators, streams and observables are followed to their end.
 *
 * @example class Shop { @Span({ attributes: (id: number) => ({ 'order.id': id }) }) async order(id: number) {} }
 */
export const Span: SpanMark = /* @__PURE__ */ markOf('Span', checkedMark) as SpanMark;

/**
 * The same for a plain function: returns a function that puts every call of `fn` in a span. Its name is that of `fn`
 * unless an option sets it.
 *
 * @example const resize = spanned({ attributes: (w, h) => ({ w, h }) }, (w: number, h: number) => scale(w, h));
 */
export function spanned<F extends AnyFunction>(fn: F): F;
export function spanned<F extends AnyFunction>(
  config: string | SpanConfig<Parameters<F>, Awaited<ReturnType<F>>>,
  fn: F,
): F;
export function spanned(first: unknown, second?: AnyFunction): unknown {
  return wrapOf('spanned', checkedMark, true)(first, second);
}

function checkedMark(given: unknown): Mark {
  checkOptions('Span', given, spanOptions, 'name');
  return spanMark(given);
}
