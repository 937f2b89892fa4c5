import type { MetricDefinition } from '@benchlab-otel/core';
import { createReport, type Report } from '@benchlab-otel/core';
import type { Attributes, Meter } from '@opentelemetry/api';
import { currentMeter } from '../api/scope.ts';
import { type ExpectedError, expects } from './expected.ts';
import { type LabelSource, Labels } from './labels.ts';
import type { Mark } from './methodMark.ts';
import { MetricWatch, type RecordPoint } from './metricWatch.ts';
import { watched } from './wrapper.ts';

/** Which metric one function is measured with. `A` are the parameters of the selector. */
export interface MetricConfig<A extends readonly unknown[] = unknown[]> {
  /** Of the registry, or by its name. */
  readonly metric?: string | MetricDefinition;
  /** Beside `code.function.name` and, on failure, `error.type`: fixed, or made from the arguments. */
  readonly attributes?: LabelSource<A>;
  readonly expected?: ExpectedError;
}

/** What a metric decorator of one kind adds to the common ground. */
export interface MetricKind<I> {
  readonly create: (meter: Meter) => I;
  /** Called when a call begins. */
  readonly start: (instrument: I, attributes: Attributes, report: Report) => RecordPoint;
}

/** Makes the watched functions of a metric decorator. @throws TypeError when the attributes do not fit the metric. */
export function metricMark<I>(by: string, config: MetricConfig, kind: MetricKind<I>): Mark {
  const source: LabelSource = config.attributes ?? {};
  const allowed = typeof config.metric === 'object' ? config.metric.attributes : undefined;
  // Here and not at the first call, so that a mistake shows when the class is defined.
  new Labels(source, allowed, () => {});
  const instrumentNow = instrumentByMeter(kind.create);
  return (body, nameOf) => {
    const report = createReport(`@${by} of ${body.name || 'an anonymous function'}`);
    const labels = new Labels(source, allowed, report);
    const settings = { labels, report, isExpected: expects(config.expected, report) };
    return watched(body, instrumentNow, (instrument, self, args) => {
      const attributes = labels.ofCall(nameOf(self), self, args);
      return new MetricWatch(settings, attributes, kind.start(instrument, attributes, report));
    });
  };
}

/** Instruments of the metrics API do not survive a change of provider: one that is made too early stays deaf for ever. */
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

/** The definition that a decorator's option stands for: the registry's own, or one of that name. */
export function defineMetric(
  by: string,
  metric: string | MetricDefinition | undefined,
  usual: MetricDefinition,
): MetricDefinition {
  if (metric === undefined) return usual;
  if (typeof metric === 'string') {
    if (!nameSyntax.test(metric)) throw new TypeError(`${by}: '${metric}' is no name of an instrument.`);
    return { ...usual, name: metric, description: '' };
  }
  if (metric.instrument !== usual.instrument) {
    throw new TypeError(`${by}: '${metric.name}' is a ${metric.instrument}, and this needs a ${usual.instrument}.`);
  }
  return metric;
}
