import { metric } from '@benchlab-otel/core';
import { type AnyFunction, type Mark, type MethodMark, markOf, wrapOf } from '../call/methodMark.ts';
import { defineMetric, type MetricConfig, metricConfig, metricMark, metricOptions } from '../call/metricMark.ts';
import type { RecordPoint } from '../call/metricWatch.ts';
import { anOutcome, checkOptions, type OptionChecks } from '../call/optionChecks.ts';
import { rebound } from '../record/bindable.ts';

/** Which counter the calls of one function go to. Default: `benchlab.calls`. */
export interface CountedConfig<A extends readonly unknown[] = unknown[]> extends MetricConfig<A> {
  /** Counts only calls that succeeded, or only those that failed. Default: every call, once it has ended. */
  readonly only?: 'success' | 'failure';
}

/** `@Counted`, `@Counted('metric.name')` and `@Counted({ ... })`. */
export interface CountedMark extends MethodMark {
  (metric?: string): MethodMark;
  <A extends readonly unknown[] = unknown[]>(config: CountedConfig<A>): MethodMark<A>;
}

/**
 * Counts the calls of a method when their work has ended. It does not matter whether the call has a span or the span is
 * sampled. Do not count a method that is timed: the histogram has the count.
 *
 * @example class Shop { @Counted({ metric: 'shop.declined', only: 'failure' }) async pay(id: number) {} }
 */
export const Counted: CountedMark = /* @__PURE__ */ markOf('Counted', countedMark) as CountedMark;

/**
 * The same for a plain function.
 *
 * @example const resize = counted('image.resizes', (w: number, h: number) => scale(w, h));
 */
export function counted<F extends AnyFunction>(fn: F): F;
export function counted<F extends AnyFunction>(config: string | CountedConfig<Parameters<F>>, fn: F): F;
export function counted(first: unknown, second?: AnyFunction): unknown {
  return wrapOf('counted', countedMark)(first, second);
}

const countedOptions = (): OptionChecks<CountedConfig> => ({ ...metricOptions('counter'), only: anOutcome });

function countedMark(given: unknown): Mark {
  checkOptions('Counted', given, countedOptions, 'metric');
  const config = metricConfig<CountedConfig>(given);
  const { name, unit, description } = defineMetric(config.metric, metric.benchlabCalls);
  const { only } = config;
  return metricMark<RecordPoint>('Counted', config, {
    create: (meter) => {
      const counter = meter.createCounter(name, { unit, description });
      const add = rebound(counter, (value, attributes) => counter.add(value, attributes));
      return (attributes, outcome) => {
        if (only === undefined || only === outcome) add(1, attributes);
      };
    },
    start: (count) => count,
  });
}
