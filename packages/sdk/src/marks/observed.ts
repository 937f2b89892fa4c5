import type { LabelSource } from '../call/labels.ts';
import { type AnyFunction, type Mark, type MethodMark, markOf, wrapOf } from '../call/methodMark.ts';
import { checkOptions, labels, type OptionChecks } from '../call/optionChecks.ts';
import { type SpanConfig, spanMark, spanOptions } from '../call/spanMark.ts';
import { type TimedConfig, timedMark, timedOptions } from './timed.ts';

/** The options of the spans of one function, and the histogram that its durations go to. */
export interface ObservedConfig<A extends readonly unknown[] = unknown[], R = unknown>
  extends SpanConfig<A, R>,
    Pick<TimedConfig, 'metric' | 'buckets'> {
  /** Attributes of the durations: fixed, or made from the arguments; `attributes` are those of the spans. */
  readonly labels?: LabelSource<A>;
}

/** `@Observed`, `@Observed('span name')` and `@Observed({ ... })`. */
export interface ObservedMark extends MethodMark {
  (name?: string): MethodMark;
  <A extends readonly unknown[] = unknown[], R = unknown>(config: ObservedConfig<A, R>): MethodMark<A, R>;
}

/**
 * `@Span` and `@Timed` in one mark: a span for every call, and its duration as a metric, with the same `error.type`.
 * The duration is recorded inside the span, so that an exemplar can name the span.
 *
 * @example class Shop { @Observed({ labels: { tier: 'gold' } }) async order(id: number) {} }
 */
export const Observed: ObservedMark = /* @__PURE__ */ markOf('Observed', observedMark) as ObservedMark;

/**
 * The same for a plain function.
 *
 * @example const resize = observed((w: number, h: number) => scale(w, h));
 */
export function observed<F extends AnyFunction>(fn: F): F;
export function observed<F extends AnyFunction>(
  config: string | ObservedConfig<Parameters<F>, Awaited<ReturnType<F>>>,
  fn: F,
): F;
export function observed(first: unknown, second?: AnyFunction): unknown {
  return wrapOf('observed', observedMark, true)(first, second);
}

const observedOptions = (): OptionChecks<ObservedConfig> => ({ ...timedOptions(), ...spanOptions(), labels });

function observedMark(given: unknown): Mark {
  checkOptions('Observed', given, observedOptions, 'name');
  const config = (typeof given === 'object' && given !== null ? given : {}) as ObservedConfig;
  const { metric, buckets, labels, functionName } = config;
  const span = spanMark(given);
  const duration = timedMark({ metric, buckets, attributes: labels, functionName });
  return (body, nameOf) => span(duration(body, nameOf), nameOf);
}
