import type { Attributes, Link, SpanKind, SpanOptions } from '@opentelemetry/api';
import { type AnyFunction, decorate, isDecoration, type MethodMark, type NameOf } from './call/methodMark.ts';
import { createReport, type Report } from './call/report.ts';
import { type Selected, selectAttributes, selectName } from './call/selector.ts';
import { type SpanWatch, startSpan } from './call/spanWatch.ts';
import type { Body } from './call/watch.ts';
import { watched } from './call/wrapper.ts';
import type { AttributeName } from './registry/attributes.ts';
import { currentTracer } from './scope.ts';

const functionNameKey = 'code.function.name' satisfies AttributeName;

/** How the spans of one function look. `A` are the parameters of the selectors: those of the function, or fewer. */
export interface SpanConfig<A extends readonly unknown[] = unknown[]> {
  /** The span's name, or how to make it from the arguments (few different ones). Default: `Class.method`. */
  readonly name?: Selected<A, string>;
  /** Default: INTERNAL. */
  readonly kind?: SpanKind;
  /** On every span, or made from the arguments: that only while the span is recording. Nothing else is captured. */
  readonly attributes?: Attributes | ((...args: A) => Attributes | undefined);
  readonly links?: readonly Link[];
  /** Starts a new trace. */
  readonly root?: boolean;
}

/** `@Span`, `@Span('name')` and `@Span({ ... })`. */
export interface SpanMark extends MethodMark {
  (name?: string): MethodMark;
  <A extends readonly unknown[] = unknown[]>(config: SpanConfig<A>): MethodMark<A>;
}

/**
 * Puts every call of a method in a span: `Class.method` unless named otherwise, active while the method works, ended
 * when the work ends. Sync methods stay sync, promises and generators are followed to their end.
 *
 * @example class Shop { @Span({ attributes: (id: number) => ({ 'order.id': id }) }) async order(id: number) {} }
 */
export const Span: SpanMark = ((...args: unknown[]) => {
  if (isDecoration(args)) return decorate('Span', (body, nameOf) => mark({}, body, nameOf), args);
  const config = toConfig(args[0]);
  return (...decoration: unknown[]) => decorate('Span', (body, nameOf) => mark(config, body, nameOf), decoration);
}) as SpanMark;

/**
 * The same for a plain function: returns one that puts every call of `fn` in a span, named as the function unless
 * named otherwise.
 *
 * @example const resize = spanned({ attributes: (w, h) => ({ w, h }) }, (w: number, h: number) => scale(w, h));
 */
export function spanned<F extends AnyFunction>(fn: F): F;
export function spanned<F extends AnyFunction>(config: string | SpanConfig<Parameters<F>>, fn: F): F;
export function spanned(first: unknown, second?: AnyFunction): unknown {
  const fn = second ?? first;
  if (typeof fn !== 'function') throw new TypeError('spanned() needs a function to wrap.');
  const name = fn.name || 'anonymous';
  return mark(toConfig(second && first), fn as Body, () => name);
}

function toConfig(given: unknown): SpanConfig {
  if (given === undefined) return {};
  const config = typeof given === 'string' ? { name: given } : (given as SpanConfig);
  if (typeof config !== 'object' || config === null) throw new TypeError('Span: pass a name or an options object.');
  if (config.name === '') throw new TypeError('Span: `name` is empty.');
  return config;
}

function mark(config: SpanConfig, body: Body, nameOf: NameOf): Body {
  const report = createReport(`span of ${body.name || 'an anonymous function'}`);
  const optionsOf = optionsByName(config);
  return watched(body, currentTracer, (tracer, self, args) => {
    const functionName = nameOf(self);
    const watch = startSpan(tracer, spanName(config, functionName, self, args, report), optionsOf(functionName));
    if (watch?.wantsEnd) addSelected(config, watch, self, args, report);
    return watch;
  });
}

function spanName(config: SpanConfig, functionName: string, self: unknown, args: readonly unknown[], report: Report) {
  const { name } = config;
  if (typeof name === 'string') return name;
  return (name && selectName(name, self, args, report)) ?? functionName;
}

function addSelected(config: SpanConfig, watch: SpanWatch, self: unknown, args: readonly unknown[], report: Report) {
  if (typeof config.attributes !== 'function') return;
  const attributes = selectAttributes(config.attributes, self, args, report);
  if (attributes === undefined) return;
  try {
    watch.span.setAttributes(attributes);
  } catch (error) {
    report('the selected attributes could not be read.', error);
  }
}

/** The same options object for every call: a function has one name, but for a few that share a method. */
function optionsByName(config: SpanConfig): (functionName: string) => SpanOptions {
  const { kind, links, root, attributes } = config;
  const fixed = typeof attributes === 'function' ? {} : attributes;
  let known: { readonly of: string; readonly options: SpanOptions } | undefined;
  return (of) => {
    if (known?.of !== of) {
      const options: SpanOptions = { attributes: { [functionNameKey]: of, ...fixed } };
      if (kind !== undefined) options.kind = kind;
      if (links !== undefined) options.links = [...links];
      if (root !== undefined) options.root = root;
      known = { of, options };
    }
    return known.options;
  };
}
