import type { Histogram } from '@opentelemetry/api';
import type { LabelSource } from './call/labels.ts';
import { type AnyFunction, decorate, isDecoration, type Mark, type MethodMark } from './call/methodMark.ts';
import { defineMetric, metricMark } from './call/metricMark.ts';
import type { Body } from './call/watch.ts';
import { benchlabCallDuration } from './registry/calls.ts';
import type { MetricDefinition } from './registry/definition.ts';

/** Which histogram the durations of one function go to. `A` are the parameters of the selector. */
export interface TimedConfig<A extends readonly unknown[] = unknown[]> {
  /** A histogram in seconds: of the registry, or by its name. Default: `benchlab.call.duration`. */
  readonly metric?: string | MetricDefinition;
  /** Bucket bounds in seconds, ascending. Default: those of the metric, else 0.5 ms to 10 s. */
  readonly buckets?: readonly number[];
  /** Beside `code.function.name` and, on failure, `error.type`: fixed, or made from the arguments. */
  readonly attributes?: LabelSource<A>;
}

/** `@Timed`, `@Timed('metric.name')` and `@Timed({ ... })`. */
export interface TimedMark extends MethodMark {
  (metric?: string): MethodMark;
  <A extends readonly unknown[] = unknown[]>(config: TimedConfig<A>): MethodMark<A>;
}

/**
 * Records how long every call of a method takes, in seconds, until its work ends: whether its spans are sampled or
 * not, or there are none.
 *
 * @example class Shop { @Timed({ attributes: { tier: 'gold' } }) async order(id: number) {} }
 */
export const Timed: TimedMark = ((...args: unknown[]) => {
  if (isDecoration(args)) return decorate('Timed', timedMark({}), args);
  const mark = timedMark(args[0]);
  return (...decoration: unknown[]) => decorate('Timed', mark, decoration);
}) as TimedMark;

/**
 * The same for a plain function.
 *
 * @example const resize = timed('image.resize.duration', (w: number, h: number) => scale(w, h));
 */
export function timed<F extends AnyFunction>(fn: F): F;
export function timed<F extends AnyFunction>(config: string | TimedConfig<Parameters<F>>, fn: F): F;
export function timed(first: unknown, second?: AnyFunction): unknown {
  const fn = second ?? first;
  if (typeof fn !== 'function') throw new TypeError('timed() needs a function to wrap.');
  const name = fn.name || 'anonymous';
  return timedMark(second && first)(fn as Body, () => name);
}

function timedMark(given: unknown): Mark {
  const config = typeof given === 'string' ? { metric: given } : ((given ?? {}) as TimedConfig);
  const definition = defineMetric('Timed', config.metric, benchlabCallDuration);
  const { name, unit, description } = definition;
  if (unit !== 's') throw new TypeError(`Timed: '${name}' is in '${unit}', and durations are recorded in seconds (s).`);
  const bounds = checkBuckets(config.buckets ?? definition.buckets ?? benchlabCallDuration.buckets ?? []);
  return metricMark<Histogram>(
    {
      by: 'Timed',
      create: (meter) =>
        meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...bounds] } }),
      start: (histogram) => {
        const startMs = performance.now();
        return (attributes) => histogram.record((performance.now() - startMs) / 1000, attributes);
      },
    },
    config.attributes ?? {},
    typeof config.metric === 'object' ? definition : undefined,
  );
}

function checkBuckets(bounds: readonly number[]): readonly number[] {
  const isAscending = bounds.every((bound, i) => Number.isFinite(bound) && bound > (bounds[i - 1] ?? -Infinity));
  if (!isAscending) throw new RangeError(`Timed: \`buckets\` must be finite seconds in ascending order: ${bounds}.`);
  return bounds;
}
