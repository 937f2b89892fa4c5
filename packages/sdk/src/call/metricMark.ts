import { createReport, type MetricDefinition, type OptionNames, type Report } from '@benchlab-otel/core';
import type { Attributes, Meter } from '@opentelemetry/api';
import { currentMeter } from '../api/scope.ts';
import { type ExpectedError, expects } from './expected.ts';
import { type LabelSource, Labels } from './labels.ts';
import { markedOf } from './marked.ts';
import type { Mark } from './methodMark.ts';
import { MetricWatch, type RecordPoint } from './metricWatch.ts';
import { watched } from './wrapper.ts';
import { wrongOption } from './wrongOption.ts';

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

/** The options of every metric decorator. */
export const metricOptionNames: OptionNames<MetricConfig> = {
  metric: true,
  attributes: true,
  expected: true,
  functionName: true,
};

/** What distinguishes the metric decorators: their instrument, and what they record. */
export interface MetricKind<I> {
  readonly create: (meter: Meter) => I;
  /** Called when a call begins. */
  readonly start: (instrument: I, attributes: Attributes, report: Report) => RecordPoint;
}

/** Makes the watched functions of a metric decorator. @throws OptionError when an attribute does not fit the metric. */
export function metricMark<I>(by: string, config: MetricConfig, kind: MetricKind<I>): Mark {
  const source: LabelSource = config.attributes ?? {};
  const allowed = typeof config.metric === 'object' ? config.metric.attributes : undefined;
  // Checked here and not at the first call, so that a mistake shows when the class is defined.
  new Labels(by, source, allowed, () => {});
  const instrumentNow = instrumentByMeter(kind.create);
  return (body, nameOf) => {
    const report = createReport(`@${by} of ${body.name || 'an anonymous function'}`);
    const labels = new Labels(by, source, allowed, report);
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

// OpenTelemetry specification, metrics API, instrument name syntax.
const nameSyntax = /^[a-z][a-z0-9_./-]{0,254}$/i;

/** The definition that the option `metric` of a decorator means: the given one, or one of that name. */
export function defineMetric(
  by: string,
  metric: string | MetricDefinition | undefined,
  usual: MetricDefinition,
): MetricDefinition {
  if (metric === undefined) return usual;
  if (typeof metric === 'string') {
    if (!nameSyntax.test(metric)) throw wrongOption(by, 'metric', metric, 'a name like shop.orders');
    return { ...usual, name: metric, description: '' };
  }
  if (metric.instrument !== usual.instrument) {
    throw wrongOption(by, 'metric.instrument', metric.instrument, usual.instrument);
  }
  return metric;
}
