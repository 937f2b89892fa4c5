import { BenchlabError, numberOption } from '@benchlab-otel/core';
import { context, type DiagLogger, DiagLogLevel, diag, metrics, trace } from '@opentelemetry/api';
import { AsyncContext } from './asyncContext.ts';
import { type RecordedMetric, RecordedMetrics } from './recordedMetrics.ts';
import { type RecordedSpan, recordedSpan } from './recordedSpan.ts';
import { type SdkMetricReader, type SdkSpan, type SdkSpanProcessor, sdkParts } from './sdkParts.ts';

export interface InMemoryTelemetryOptions {
  /** False: no span is sampled, as in production under a low sampling rate. Default: all are. */
  readonly sampled?: boolean;
  /** Your own span processors, to be tested; they run before a span is recorded. */
  readonly spanProcessors?: readonly SdkSpanProcessor[];
  /** The bound of kept spans; further ones are counted in `droppedSpans`. Default: 10,000. */
  readonly maxSpans?: number;
}

/** A whole OpenTelemetry SDK without exporters: what the code under test emits can be read back. */
export interface InMemoryTelemetry {
  /** The spans that have ended, in the order of their ends. */
  spans(): readonly RecordedSpan[];
  /** The only span of that name; throws when there is not exactly one. */
  span(name: string): RecordedSpan;
  /** Everything measured since the start or the last `reset`. Rejects when an observable's callback threw. */
  metrics(): Promise<readonly RecordedMetric[]>;
  /** Warnings and errors that the OpenTelemetry API and SDK reported through `diag`. At most 1,000. */
  readonly diagnostics: readonly string[];
  readonly droppedSpans: number;
  /**
   * Deletes all records so far: for one telemetry that several tests share. Instruments stay usable. Up-down counters
   * keep their level, because it is a state and not a number of events.
   */
  reset(): Promise<void>;
  /** Unregisters at once and stops. What was recorded can still be read. May be called twice. */
  shutdown(): Promise<void>;
}

const maxDiagnostics = 1_000;
// The values of AggregationTemporality of @opentelemetry/sdk-metrics.
const deltaTemporality = 0;
const cumulativeTemporality = 1;

/**
 * Registers an in-memory SDK, and a context manager, for the code under test. Works on SDK 2.12 or newer and 3.x: it
 * uses the SDK that is installed with the application.
 *
 * @example
 * let telemetry: InMemoryTelemetry;
 * beforeEach(() => { telemetry = inMemoryTelemetry(); });
 * afterEach(() => telemetry.shutdown());
 * test('a checkout is one span', async () => {
 *   await new Checkout().run(cart);
 *   expect(telemetry.spans()).toHaveSpan({ name: 'checkout', status: 'unset' });
 * });
 */
export function inMemoryTelemetry(options: InMemoryTelemetryOptions = {}): InMemoryTelemetry {
  const { sampled = true, spanProcessors = [] } = options;
  const maxSpans = numberOption('maxSpans', options.maxSpans ?? 10_000, { least: 1, isWhole: true });
  const sdk = sdkParts();
  const ended: SdkSpan[] = [];
  const recorded = new RecordedMetrics();
  const diagnostics: string[] = [];
  let droppedSpans = 0;
  let stopped: Promise<void> | undefined;

  const recording: SdkSpanProcessor = {
    onStart: () => {},
    onEnd: (span: SdkSpan) => {
      if (ended.length < maxSpans) ended.push(span);
      else droppedSpans += 1;
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const root = sampled ? new sdk.AlwaysOnSampler() : new sdk.AlwaysOffSampler();
  const sampler = new sdk.ParentBasedSampler({ root });
  const tracing = new sdk.TracerProvider({ sampler, spanProcessors: [...spanProcessors, recording] });
  const reader = new (readerClass(sdk.MetricReader))({ aggregationTemporalitySelector: temporality });
  const metering = new sdk.MeterProvider({ readers: [reader] });

  const collect = async (): Promise<void> => {
    const { resourceMetrics, errors } = await reader.collect();
    for (const { scope, metrics: ofScope } of resourceMetrics.scopeMetrics) recorded.add(scope.name, ofScope);
    if (errors.length > 0) throw new AggregateError(errors, `Reading the metrics failed: ${errors.join('; ')}`);
  };
  const stop = async (): Promise<void> => {
    unregister();
    // The last values, for a test that reads them after the end. An error of a callback is reported by metrics().
    await collect().catch(() => {});
    await Promise.all([tracing.shutdown(), metering.shutdown()]);
  };

  if (!trace.setGlobalTracerProvider(tracing)) throw alreadyRegistered('tracer provider');
  if (!metrics.setGlobalMeterProvider(metering)) {
    trace.disable();
    throw alreadyRegistered('meter provider');
  }
  context.disable();
  context.setGlobalContextManager(new AsyncContext());
  diag.setLogger(loggerInto(diagnostics), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });

  return {
    diagnostics,
    get droppedSpans() {
      return droppedSpans;
    },
    spans: () => ended.map(recordedSpan),
    span: (name) => only(name, ended),
    async metrics() {
      await (stopped ?? collect());
      return recorded.all();
    },
    async reset() {
      await (stopped ?? collect().catch(() => {}));
      recorded.clear();
      ended.length = 0;
      diagnostics.length = 0;
      droppedSpans = 0;
    },
    shutdown() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function unregister(): void {
  trace.disable();
  metrics.disable();
  context.disable();
  diag.disable();
}

/** A value that can begin at 0 again is collected as a delta; a level would lose its meaning. */
function temporality(instrumentType: string): number {
  return instrumentType.includes('UP_DOWN') ? cumulativeTemporality : deltaTemporality;
}

function readerClass(
  MetricReader: ReturnType<typeof sdkParts>['MetricReader'],
): new (
  options: ConstructorParameters<typeof MetricReader>[0],
) => SdkMetricReader {
  return class extends MetricReader {
    async onShutdown(): Promise<void> {}
    async onForceFlush(): Promise<void> {}
  };
}

function loggerInto(diagnostics: string[]): DiagLogger {
  const keep = (...args: unknown[]) => {
    if (diagnostics.length < maxDiagnostics) diagnostics.push(args.map(String).join(' '));
  };
  const ignore = () => {};
  return { error: keep, warn: keep, info: ignore, debug: ignore, verbose: ignore };
}

function only(name: string, ended: readonly SdkSpan[]): RecordedSpan {
  const found = ended.filter((span) => span.name === name);
  const [first] = found;
  if (first !== undefined && found.length === 1) return recordedSpan(first);
  const names = ended.slice(0, 20).map((span) => `"${span.name}"`);
  throw new Error(
    `${found.length === 0 ? 'No' : found.length} spans "${name}" among ${ended.length}: ${names.join(', ')}`,
  );
}

function alreadyRegistered(what: string): BenchlabError {
  return new BenchlabError(
    'ALREADY_STARTED',
    `A ${what} is registered already, so inMemoryTelemetry() would see nothing.`,
    'Shut down the telemetry of the test before, and do not start the real one in tests.',
  );
}
