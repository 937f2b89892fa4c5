import { metric } from '@benchlab-otel/core';
import { knownConfig } from '../call/knownConfig.ts';
import { type AnyFunction, type Mark, type MethodMark, markOf, wrapOf } from '../call/methodMark.ts';
import type { MetricConfig } from '../call/metricMark.ts';
import { defineMetric, metricMark, metricOptionNames } from '../call/metricMark.ts';
import { wrongOption } from '../call/wrongOption.ts';
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

/** Makes functions whose calls are timed. @throws OptionError when an option is wrong. */
export function timedMark(given: unknown): Mark {
  const config = (typeof given === 'string' ? { metric: given } : (given ?? {})) as TimedConfig;
  knownConfig<TimedConfig>('Timed', given, { ...metricOptionNames, buckets: true });
  const definition = defineMetric('Timed', config.metric, metric.benchlabCallDuration);
  const { name, unit, description } = definition;
  if (unit !== 's') throw wrongOption('Timed', 'metric.unit', unit, 's');
  const bounds = checkBuckets(config.buckets ?? definition.buckets ?? metric.benchlabCallDuration.buckets ?? []);
  return metricMark<ReturnType<typeof rebound>>('Timed', config, {
    create: (meter) => {
      const advice = { explicitBucketBoundaries: [...bounds] };
      const histogram = meter.createHistogram(name, { unit, description, advice });
      return rebound(histogram, (value, attributes) => histogram.record(value, attributes));
    },
    start: (record) => {
      const startMs = performance.now();
      return (attributes) => record((performance.now() - startMs) / 1000, attributes);
    },
  });
}

function checkBuckets(bounds: readonly number[]): readonly number[] {
  const isAscending = bounds.every((bound, i) => Number.isFinite(bound) && bound > (bounds[i - 1] ?? -Infinity));
  if (!isAscending) throw wrongOption('Timed', 'buckets', `${bounds}`, 'finite seconds in ascending order');
  return bounds;
}
