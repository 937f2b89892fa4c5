import { metric } from '@benchlab-otel/core';
import { type AnyFunction, type Mark, type MethodMark, markOf, wrapOf } from '../call/methodMark.ts';
import { defineMetric, type MetricConfig, metricConfig, metricMark, metricOptions } from '../call/metricMark.ts';
import { ascending, checkOptions, type OptionChecks } from '../call/optionChecks.ts';
import { rebound } from '../record/bindable.ts';

/** Which histogram the durations of one function go to, in seconds. Default: `benchlab.call.duration`. */
export interface TimedConfig<A extends readonly unknown[] = unknown[]> extends MetricConfig<A> {
  /** Bucket bounds in seconds, ascending. Default: those of the metric, else 0.5 ms to 10 s. */
  readonly buckets?: readonly number[];
}

/** `@Timed`, `@Timed('metric.name')` and `@Timed({ ... })`. */
export interface TimedMark extends MethodMark {
  (metric?: string): MethodMark;
  <A extends readonly unknown[] = unknown[]>(config: TimedConfig<A>): MethodMark<A>;
}

/**
 * Records how long every call of a method takes, in seconds, until its work ends. It does not matter whether the call
 * has a span or the span is sampled.
 *
 * @example class Shop { @Timed({ attributes: { tier: 'gold' } }) async order(id: number) {} }
 */
export const Timed: TimedMark = /* @__PURE__ */ markOf('Timed', timedMark) as TimedMark;

/**
 * The same for a plain function.
 *
 * @example const resize = timed('image.resize.duration', (w: number, h: number) => scale(w, h));
 */
export function timed<F extends AnyFunction>(fn: F): F;
export function timed<F extends AnyFunction>(config: string | TimedConfig<Parameters<F>>, fn: F): F;
export function timed(first: unknown, second?: AnyFunction): unknown {
  return wrapOf('timed', timedMark)(first, second);
}

export const timedOptions = (): OptionChecks<TimedConfig> => ({
  ...metricOptions('histogram', 's'),
  buckets: ascending,
});

/** Makes functions whose calls are timed. @throws OptionError in development, when an option is wrong. */
export function timedMark(given: unknown): Mark {
  checkOptions('Timed', given, timedOptions, 'metric');
  const config = metricConfig<TimedConfig>(given);
  const { name, unit, description, buckets } = defineMetric(config.metric, metric.benchlabCallDuration);
  const bounds = [...(config.buckets ?? buckets ?? metric.benchlabCallDuration.buckets ?? [])];
  return metricMark<ReturnType<typeof rebound>>('Timed', config, {
    create: (meter) => {
      const advice = { explicitBucketBoundaries: bounds };
      const histogram = meter.createHistogram(name, { unit, description, advice });
      return rebound(histogram, (value, attributes) => histogram.record(value, attributes));
    },
    start: (record) => {
      const startMs = performance.now();
      return (attributes) => record((performance.now() - startMs) / 1000, attributes);
    },
  });
}
