import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BenchlabError, isObject } from '@benchlab-otel/core';
import type {
  Attributes,
  Context,
  HrTime,
  Link,
  MeterProvider,
  SpanContext,
  SpanKind,
  SpanStatus,
} from '@opentelemetry/api';
import * as api from '@opentelemetry/api';
import { here } from '../../here.js';

// The parts of an OpenTelemetry SDK that the test kit uses, as far as 2.12 and 3.1 agree on them. Written out here and
// not imported, because the SDK is the user's: its package and its line are known only at run time.

/** An ended span as an SDK hands it to processors. */
export interface SdkSpan {
  readonly name: string;
  readonly kind: SpanKind;
  spanContext(): SpanContext;
  readonly parentSpanContext?: SpanContext;
  readonly duration: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links: readonly Link[];
  readonly events: readonly { readonly name: string; readonly attributes?: Attributes }[];
  readonly instrumentationScope: { readonly name: string };
}

/** A span processor of either SDK line: its methods take spans of that SDK. */
export interface SdkSpanProcessor {
  onStart(span: never, parentContext: Context): void;
  onEnd(span: never): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export interface SdkHistogram {
  readonly count: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  /** Missing, or of another shape, in an exponential histogram. */
  readonly buckets?: { readonly boundaries: readonly number[]; readonly counts: readonly number[] };
}

export interface SdkMetric {
  readonly descriptor: { readonly name: string; readonly unit: string; readonly description: string };
  /** `DataPointType`: 0 histogram, 1 exponential histogram, 2 gauge, 3 sum; equal in sdk-metrics 2.12.1 and 3.1.1. */
  readonly dataPointType: number;
  readonly isMonotonic?: boolean;
  /** `AggregationTemporality`: 0 delta, 1 cumulative; equal in both. */
  readonly aggregationTemporality: number;
  readonly dataPoints: readonly { readonly attributes: Attributes; readonly value: number | SdkHistogram }[];
}

export interface SdkMetricReader {
  collect(): Promise<{
    readonly resourceMetrics: {
      readonly scopeMetrics: readonly {
        readonly scope: { readonly name: string };
        readonly metrics: readonly SdkMetric[];
      }[];
    };
    readonly errors: readonly unknown[];
  }>;
}

interface Stoppable {
  shutdown(): Promise<void>;
}

type Sampler = object;

interface TraceParts {
  /** `BasicTracerProvider` in sdk-trace-base and -node, `TracerProvider` in sdk-trace. */
  readonly TracerProvider?: TracerProviderClass;
  readonly BasicTracerProvider?: TracerProviderClass;
  readonly AlwaysOnSampler: new () => Sampler;
  readonly AlwaysOffSampler: new () => Sampler;
  readonly ParentBasedSampler: new (options: { root: Sampler }) => Sampler;
}

type TracerProviderClass = new (options: {
  sampler: Sampler;
  spanProcessors: readonly SdkSpanProcessor[];
}) => api.TracerProvider & Stoppable;

interface MetricParts {
  readonly MeterProvider: new (options: { readers: readonly SdkMetricReader[] }) => MeterProvider & Stoppable;
  readonly MetricReader: abstract new (options: {
    aggregationTemporalitySelector: (instrumentType: string) => number;
  }) => SdkMetricReader;
}

export type SdkParts = TraceParts & MetricParts & { readonly TracerProvider: TracerProviderClass };

const tracePackages = ['@opentelemetry/sdk-trace', '@opentelemetry/sdk-trace-node', '@opentelemetry/sdk-trace-base'];
const metricPackages = ['@opentelemetry/sdk-metrics'];

/**
 * The SDK that is installed with the application, of either line. Synchronous, so that the set-up of a test can make
 * telemetry without waiting.
 */
export function sdkParts(require: (name: string) => unknown = ownRequire()): SdkParts {
  // Both shapes are those of the packages' own declarations; the tests of both lanes check them.
  const traceParts = firstInstalled(tracePackages, require) as TraceParts;
  const metricParts = firstInstalled(metricPackages, require) as MetricParts;
  const TracerProvider = traceParts.TracerProvider ?? traceParts.BasicTracerProvider;
  if (TracerProvider === undefined) throw notInstalled('a tracing SDK of 2.12 or newer is');
  const { AlwaysOnSampler, AlwaysOffSampler, ParentBasedSampler } = traceParts;
  const { MeterProvider, MetricReader } = metricParts;
  return { TracerProvider, AlwaysOnSampler, AlwaysOffSampler, ParentBasedSampler, MeterProvider, MetricReader };
}

/** Finds what this package would find; in a bundle, which has no place among packages, what the working directory finds. */
function ownRequire(): (name: string) => unknown {
  return createRequire(here || join(process.cwd(), 'package.json'));
}

function firstInstalled(names: readonly string[], require: (name: string) => unknown): unknown {
  for (const name of names) {
    try {
      return require(name);
    } catch (error) {
      if (!isMissing(name, error)) throw error;
    }
  }
  throw notInstalled(names.length === 1 ? `${names[0]} is` : `none of ${names.join(', ')} is`);
}

/** True when the package itself is missing, and not one that it needs. Jest's errors are not of the Error that tests see. */
function isMissing(name: string, error: unknown): boolean {
  return isObject(error) && error.code === 'MODULE_NOT_FOUND' && String(error.message).includes(`'${name}'`);
}

function notInstalled(what: string): BenchlabError {
  // API 1.10 has the logs API, and works only with SDK 3; API 1.9 is for SDK 2 (and works with both).
  const line = 'logs' in api ? '3' : '2';
  const packages = ['sdk-trace', 'sdk-metrics'].map((name) => `@opentelemetry/${name}@${line}`).join(' ');
  const not = what.startsWith('none') ? '' : 'not ';
  return new BenchlabError(
    'UNSUPPORTED',
    `inMemoryTelemetry() needs an OpenTelemetry SDK, and ${what} ${not}installed.`,
    `Install one: npm i -D ${packages}`,
  );
}
