import type { MetricDefinition } from '@benchlab-otel/core';
import type { Gauge } from '@opentelemetry/api';
import { type AnyFunction, type Mark, type MethodMark, markOf, wrapOf } from '../call/methodMark.ts';
import { defineMetric, type MetricConfig, metricConfig, metricMark, metricOptions } from '../call/metricMark.ts';
import { aFunction, aUnit, checkOptions, type OptionChecks, required } from '../call/optionChecks.ts';
import { select } from '../call/selector.ts';
import { forgetOf } from '../record/forgetful.ts';
import { countFault } from '../record/recordFaults.ts';

/** Which gauge the results of one function go to. `R` is what it returns, or its promise resolves with. */
export interface GaugedConfig<A extends readonly unknown[] = unknown[], R = unknown> extends MetricConfig<A> {
  readonly metric: string | MetricDefinition;
  /** The unit (UCUM: `s`, `By`, `{job}`) of a metric that is given by its name. */
  readonly unit?: string;
  /** Reads the number from the result. Default: the result itself. */
  readonly value?: (result: R) => number;
}

/** `@Gauged('metric.name')` and `@Gauged({ ... })`. */
export interface GaugedMark {
  (metric: string): MethodMark<unknown[], number>;
  <A extends readonly unknown[] = unknown[], R = number>(config: GaugedConfig<A, R>): MethodMark<A, R>;
}

/**
 * Records what a method returns as a gauge: the last value counts. A call that fails records nothing. After one that returns
 * NaN or no number, which is counted in `benchlab.record.faults`, the gauge is absent until the next number; with an SDK
 * that you set up yourself, whose gauges cannot take a value back, the value before stays.
 *
 * @example class Jobs { @Gauged('jobs.waiting') waiting(): number { return this.queue.length; } }
 */
export const Gauged: GaugedMark = /* @__PURE__ */ markOf('Gauged', gaugedMark) as GaugedMark;

/**
 * The same for a plain function.
 *
 * @example const waiting = gauged('jobs.waiting', () => queue.length);
 */
export function gauged<F extends (this: never, ...args: never[]) => number | PromiseLike<number>>(
  metric: string,
  fn: F,
): F;
export function gauged<F extends AnyFunction>(config: GaugedConfig<Parameters<F>, Awaited<ReturnType<F>>>, fn: F): F;
export function gauged(config: unknown, fn: AnyFunction): unknown {
  return wrapOf('gauged', gaugedMark)(config, fn);
}

const unnamed: MetricDefinition = {
  name: '',
  unit: '',
  instrument: 'gauge',
  attributes: [],
  description: '',
  stability: 'development',
  origin: 'benchlab',
};

function gaugedOptions(): OptionChecks<GaugedConfig> {
  const options = metricOptions('gauge');
  return { ...options, metric: required(options.metric), unit: aUnit, value: aFunction };
}

function gaugedMark(given: unknown): Mark {
  checkOptions('Gauged', given, gaugedOptions, 'metric');
  const config = metricConfig<GaugedConfig>(given);
  const { name, description, unit } = defineMetric(config.metric, { ...unnamed, unit: config.unit ?? '' });
  const { value } = config;
  return metricMark<Gauge>('Gauged', config, {
    create: (meter) => meter.createGauge(name, { unit, description }),
    start: (gauge, _attributes, report) => (attributes, outcome, result) => {
      if (outcome !== 'success') return;
      const number = value === undefined ? result : select(value, undefined, [result], report);
      if (typeof number === 'number' && !Number.isNaN(number)) gauge.record(number, attributes);
      else {
        forgetOf(gauge)?.(attributes);
        countFault('value');
        report('the result is not a number; it was not recorded.');
      }
    },
  });
}
