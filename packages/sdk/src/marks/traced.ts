import { type AnyFunction, type MethodMark, markUntouched } from '../call/methodMark.ts';
import {
  aFlag,
  aFunction,
  aKind,
  aText,
  attributesOnly,
  checkOptions,
  type OptionChecks,
  spanLinks,
  texts,
} from '../call/optionChecks.ts';
import { methodName, watchedName } from '../call/owner.ts';
import { shared } from '../call/shared.ts';
import { hasSpan, type SpanConfig, spanMark } from '../call/spanMark.ts';
import type { Body } from '../call/watch.ts';
import { madeOf } from '../call/wrapper.ts';

/** The options of the spans of all methods of a class. */
export interface TracedConfig extends Pick<SpanConfig, 'kind' | 'links' | 'root' | 'expected'> {
  /** On every span. Arguments differ from method to method: capture them with a `@Span` on the method. */
  readonly attributes?: Exclude<SpanConfig['attributes'], AnyFunction>;
  /** Whether methods of superclasses have spans too when they are called on this class. Default: false. */
  readonly inherited?: boolean;
  /** The name of the class, where a bundler shortens names: a span is `className.method`. */
  readonly className?: string;
  /** Names of methods that get no span. `@Untraced` on the method does the same. */
  readonly except?: readonly string[];
}

const tracedOptions = (): OptionChecks<TracedConfig> => ({
  kind: aKind,
  links: spanLinks,
  root: aFlag,
  expected: aFunction,
  attributes: attributesOnly,
  inherited: aFlag,
  className: aText,
  except: texts,
});

/** Any class, also one that is abstract or whose constructor is not public. */
export interface AnyClass {
  readonly name: string;
  readonly prototype: object;
}

/** A decorator of classes under either mode, TC39 standard or `experimentalDecorators`. */
export type ClassMark = <C extends AnyClass>(target: C, context?: { readonly kind: 'class' }) => void;

/** `@Traced` and `@Traced({ ... })`. */
export interface TracedMark extends ClassMark {
  (config?: TracedConfig): ClassMark;
}

/**
 * Puts every method of a class in a span, static ones included, as `@Span` on each would. A method that has a `@Span`
 * keeps it. Left out are accessors, the constructor, `#private` methods, methods whose key is a symbol, the
 * life-cycle methods of frameworks and `toString`, `toJSON`, `valueOf`.
 *
 * @example @Traced class Shop { order(id: number) {} @Untraced ping() {} }
 */
export const Traced: TracedMark = ((first?: unknown) => {
  if (typeof first === 'function') return traceClass(first as unknown as AnyClass, {});
  checkOptions('Traced', first, tracedOptions);
  const config = (first ?? {}) as TracedConfig;
  return (target: AnyClass) => traceClass(target, config);
}) as TracedMark;

/** Leaves a method without a span when its class is `@Traced`. */
export const Untraced: MethodMark = /* @__PURE__ */ markUntouched(
  'Untraced',
  (body) => void untraced.add(body),
) as MethodMark;

const untraced = /* @__PURE__ */ shared('untraced', new WeakSet<object>());

// Methods that the language, NestJS and Angular call on their own.
const lifeCycle =
  /^(constructor|toString|toJSON|valueOf|then|onModule(Init|Destroy)|(on|before)Application(Bootstrap|Shutdown)|ng(On|Do|After)[A-Z]\w+)$/;

function traceClass(target: AnyClass, config: TracedConfig): void {
  const isWanted = (key: string) => !lifeCycle.test(key) && config.except?.includes(key) !== true;
  for (const [holder, end] of [
    [target.prototype, Object.prototype],
    [target, Function.prototype],
  ] as const) {
    for (let owner: object | null = holder; owner !== null && owner !== end; owner = Object.getPrototypeOf(owner)) {
      for (const key of Object.getOwnPropertyNames(owner)) {
        if (isWanted(key) && (owner === holder || !Object.hasOwn(holder, key))) trace(holder, owner, key, config);
      }
      if (config.inherited !== true) break;
    }
  }
}

function trace(holder: object, owner: object, key: string, config: TracedConfig): void {
  const property = Object.getOwnPropertyDescriptor(owner, key);
  // Methods of classes are not enumerable; fields are.
  if (typeof property?.value !== 'function' || property.enumerable || !property.configurable) return;
  const body = property.value as Body;
  const made = madeOf(body);
  if (made.some((fn) => untraced.has(fn) || hasSpan(fn))) return;
  const { className } = config;
  const name = className === undefined ? methodName(owner, key) : `${className}.${key}`;
  Object.defineProperty(holder, key, { ...property, value: spanMark(config)(body, watchedName(name, owner)) });
}
