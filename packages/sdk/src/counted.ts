import type { Counter } from '@opentelemetry/api';
import type { LabelSource } from './call/labels.ts';
import { type AnyFunction, decorate, isDecoration, type Mark, type MethodMark } from './call/methodMark.ts';
import { defineMetric, metricMark } from './call/metricMark.ts';
import type { Body } from './call/watch.ts';
import { benchlabCalls } from './registry/calls.ts';
import type { MetricDefinition } from './registry/definition.ts';

/** Which counter the calls of one function go to. `A` are the parameters of the selector. */
export interface CountedConfig<A extends readonly unknown[] = unknown[]> {
  /** A counter: of the registry, or by its name. Default: `benchlab.calls`. */
  readonly metric?: string | MetricDefinition;
  /** Counts only calls that succeeded, or only those that failed. Default: every call, once it has ended. */
  readonly only?: 'success' | 'failure';
  /** Beside `code.function.name` and, on failure, `error.type`: fixed, or made from the arguments. */
  readonly attributes?: LabelSource<A>;
}

/** `@Counted`, `@Counted('metric.name')` and `@Counted({ ... })`. */
export interface CountedMark extends MethodMark {
  (metric?: string): MethodMark;
  <A extends readonly unknown[] = unknown[]>(config: CountedConfig<A>): MethodMark<A>;
}

/**
 * Counts the calls of a method when their work has ended: whether its spans are sampled or not, or there are none.
 * Do not count what you time: a histogram has the count.
 *
 * @example class Shop { @Counted({ metric: 'shop.declined', only: 'failure' }) async pay(id: number) {} }
 */
export const Counted: CountedMark = ((...args: unknown[]) => {
  if (isDecoration(args)) return decorate('Counted', countedMark({}), args);
  const mark = countedMark(args[0]);
  return (...decoration: unknown[]) => decorate('Counted', mark, decoration);
}) as CountedMark;

/**
 * The same for a plain function.
 *
 * @example const resize = counted('image.resizes', (w: number, h: number) => scale(w, h));
 */
export function counted<F extends AnyFunction>(fn: F): F;
export function counted<F extends AnyFunction>(config: string | CountedConfig<Parameters<F>>, fn: F): F;
export function counted(first: unknown, second?: AnyFunction): unknown {
  const fn = second ?? first;
  if (typeof fn !== 'function') throw new TypeError('counted() needs a function to wrap.');
  const name = fn.name || 'anonymous';
  return countedMark(second && first)(fn as Body, () => name);
}

function countedMark(given: unknown): Mark {
  const config = typeof given === 'string' ? { metric: given } : ((given ?? {}) as CountedConfig);
  const definition = defineMetric('Counted', config.metric, benchlabCalls);
  const { name, unit, description } = definition;
  const { only } = config;
  if (only !== undefined && only !== 'success' && only !== 'failure') {
    throw new TypeError("Counted: `only` is 'success' or 'failure'.");
  }
  return metricMark<Counter>(
    {
      by: 'Counted',
      create: (meter) => meter.createCounter(name, { unit, description }),
      start: (counter) => (attributes, hasFailed) => {
        if (only === undefined || (only === 'failure') === hasFailed) counter.add(1, attributes);
      },
    },
    config.attributes ?? {},
    typeof config.metric === 'object' ? definition : undefined,
  );
}
