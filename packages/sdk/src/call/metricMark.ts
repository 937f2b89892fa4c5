import { createReport, type Instrument, type MetricDefinition, type Report } from '@benchlab-otel/core';
import type { Attributes, Meter } from '@opentelemetry/api';
import { currentMeter } from '../api/scope.ts';
import { type ExpectedError, expects } from './expected.ts';
import { type LabelSource, Labels } from './labels.ts';
import { markedOf } from './marked.ts';
import type { Mark } from './methodMark.ts';
import { MetricWatch, type RecordPoint } from './metricWatch.ts';
import { aFunction, aText, labels, metricOf, type OptionChecks } from './optionChecks.ts';
import { watched } from './wrapper.ts';

/** The metric that one function is measured with. `A` are the parameters of the selector. */
export interface MetricConfig<A extends readonly unknown[] = unknown[]> {
  /** A definition, or a name. */
  readonly metric?: string | MetricDefinition;
  /** In addition to `code.function.name` and, on failure, `error.type`: fixed, or made from the arguments. */
  readonly attributes?: LabelSource<A>;
  readonly expected?: ExpectedError;
  /** `code.function.name`, where a bundler shortens names. Default: `Class.method`, or the name of the function. */
  readonly functionName?: string;
}

/** The options of every metric decorator, for a metric of that instrument and unit. */
export function metricOptions(instrument: Instrument, unit?: string): OptionChecks<MetricConfig> {
  return { metric: metricOf(instrument, unit), attributes: labels, expected: aFunction, functionName: aText };
}

/** What distinguishes the metric decorators: their instrument, and what they record. */
export interface MetricKind<I> {
  readonly create: (meter: Meter) => I;
  /** Called when a call begins. */
  readonly start: (instrument: I, attributes: Attributes, report: Report) => RecordPoint;
}

/** Makes the watched functions of a metric decorator. */
export function metricMark<I>(by: string, config: MetricConfig, kind: MetricKind<I>): Mark {
  const source: LabelSource = config.attributes ?? {};
  const allowed = typeof config.metric === 'object' ? config.metric.attributes : undefined;
  const instrumentNow = instrumentByMeter(kind.create);
  return (body, nameOf) => {
    const report = createReport(`@${by} of ${body.name || 'an anonymous function'}`);
    const labels = new Labels(source, allowed, report);
    const marked = markedOf(body);
    const settings = { labels, report, isExpected: expects(config.expected, marked.expected, report) };
    return watched(body, marked, instrumentNow, (instrument, self, args) => {
      const attributes = labels.ofCall(config.functionName ?? nameOf(self), self, args);
      return new MetricWatch(settings, attributes, kind.start(instrument, attributes, report));
    });
  };
}

/** Instruments of the metrics API do not survive a change of provider: one that is made too early never records. */
function instrumentByMeter<I>(create: (meter: Meter) => I): () => I | undefined {
  let made: { readonly by: Meter; readonly instrument: I } | undefined;
  return () => {
    const meter = currentMeter();
    if (meter === undefined) return undefined;
    if (made?.by !== meter) made = { by: meter, instrument: create(meter) };
    return made.instrument;
  };
}

/** The definition that the option `metric` of a decorator means: the given one, or one of that name. */
export function defineMetric(metric: string | MetricDefinition | undefined, usual: MetricDefinition): MetricDefinition {
  return typeof metric === 'string' ? { ...usual, name: metric, description: '' } : (metric ?? usual);
}

/** The options of a mark: a text alone is the name of the metric. */
export function metricConfig<C extends MetricConfig>(given: unknown): C {
  return (typeof given === 'string' ? { metric: given } : (given ?? {})) as C;
}
