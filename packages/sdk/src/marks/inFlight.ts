import { metric } from '@benchlab-otel/core';
import { type AnyFunction, type Mark, type MethodMark, markOf, wrapOf } from '../call/methodMark.ts';
import { defineMetric, type MetricConfig, metricConfig, metricMark, metricOptions } from '../call/metricMark.ts';
import { checkOptions } from '../call/optionChecks.ts';
import { rebound } from '../record/bindable.ts';

/** `@InFlight`, `@InFlight('metric.name')` and `@InFlight({ ... })`. */
export interface InFlightMark extends MethodMark {
  (metric?: string): MethodMark;
  <A extends readonly unknown[] = unknown[]>(config: MetricConfig<A>): MethodMark<A>;
}

/**
 * Keeps count of the calls of a method whose work has begun and not ended, as an up-down counter. Default:
 * `benchlab.calls.in_flight`.
 *
 * @example class Shop { @InFlight async order(id: number) {} }
 */
export const InFlight: InFlightMark = /* @__PURE__ */ markOf('InFlight', inFlightMark) as InFlightMark;

/**
 * The same for a plain function.
 *
 * @example const resize = inFlight('image.resizing', (w: number, h: number) => scale(w, h));
 */
export function inFlight<F extends AnyFunction>(fn: F): F;
export function inFlight<F extends AnyFunction>(config: string | MetricConfig<Parameters<F>>, fn: F): F;
export function inFlight(first: unknown, second?: AnyFunction): unknown {
  return wrapOf('inFlight', inFlightMark)(first, second);
}

function inFlightMark(given: unknown): Mark {
  checkOptions('InFlight', given, () => metricOptions('updowncounter'), 'metric');
  const config = metricConfig(given);
  const { name, unit, description } = defineMetric(config.metric, metric.benchlabCallsInFlight);
  return metricMark<ReturnType<typeof rebound>>('InFlight', config, {
    create: (meter) => {
      const counter = meter.createUpDownCounter(name, { unit, description });
      return rebound(counter, (value, attributes) => counter.add(value, attributes));
    },
    start: (add, attributes) => {
      add(1, attributes);
      // With the same attributes however the call ends; otherwise the series would not return to zero.
      return () => add(-1, attributes);
    },
  });
}
