import { type Attributes, DiagLogLevel } from '@opentelemetry/api';
import { badSetting, type Env, firstSet, oneOf, optionOrEnv, type Setting, shown, wholeNumber } from './environment.ts';
import { environmentOf, givenAttributes } from './givenAttributes.ts';
import { metricsPageConfig } from './metricsPageConfig.ts';
import { LONGEST_MS, type OtlpTarget, otlpTarget } from './otlpTarget.ts';
import type { MetricsPageAddress, TelemetryOptions } from './telemetryOptions.ts';

/** What `startTelemetry` does, decided: options first, then `OTEL_*`, then the project's own three variables. */
export interface TelemetryConfig {
  readonly isDisabled: boolean;
  /** From options and environment, without what this process knows of itself. */
  readonly resourceAttributes: Attributes;
  /** The label `environment` of metric points. */
  readonly environment: string | undefined;
  readonly traces: OtlpTarget | undefined;
  readonly metrics: OtlpTarget | undefined;
  readonly metricsPage: MetricsPageAddress | undefined;
  readonly hasExemplars: boolean;
  readonly metricExportIntervalMs: number;
  readonly metricExportTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  /** What the OpenTelemetry SDK may say about itself. */
  readonly sdkLogLevel: DiagLogLevel;
  /** Empty where OTEL_BSP_* decides, which the SDK reads. */
  readonly spanBuffer: { readonly maxQueueSize?: number; readonly maxExportBatchSize?: number };
  /** What was let pass but deserves a line in the log. */
  readonly warnings: readonly string[];
}

// OpenTelemetry specification, "Periodic exporting MetricReader".
const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_EXPORT_TIMEOUT_MS = 30_000;
const DEFAULT_SHUTDOWN_MS = 5_000;
// A synchronous burst of 20,000 spans fits; full and unsent the queue takes some 60 MB at 2.4 kB a span. The batch is
// twice the default of the specification: one is in flight at a time, so it is the throughput per round trip. A final
// flush sends all batches at once, which must stay below the 30 that the OTLP exporter takes.
const spanBuffer = { maxQueueSize: 24_576, maxExportBatchSize: 1024 } as const;
/** Spans that OTEL_BSP_* may keep: some 2.4 GB at the size above. */
const MOST_SPANS = 1_000_000;

const sdkLogLevels = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
} as const;

/** The only place that reads `process.env`. */
export function resolveConfig(options: TelemetryOptions = {}, env: Env = options.env ?? process.env): TelemetryConfig {
  const traceExporters = exporters('OTEL_TRACES_EXPORTER', ['otlp'], env);
  const metricExporters = exporters('OTEL_METRICS_EXPORTER', ['otlp', 'prometheus'], env);
  const otlp = options.otlp === undefined ? {} : options.otlp;
  const attributes = givenAttributes(options, env);
  return {
    isDisabled: env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true',
    resourceAttributes: attributes,
    environment: environmentOf(attributes),
    traces: otlp && traceExporters.includes('otlp') ? otlpTarget('TRACES', otlp, env) : undefined,
    metrics: otlp && metricExporters.includes('otlp') ? otlpTarget('METRICS', otlp, env) : undefined,
    metricsPage: metricExporters.includes('prometheus') ? metricsPageConfig(options.metricsPage, env) : undefined,
    hasExemplars: options.exemplars ?? env.OTEL_METRICS_EXEMPLAR_FILTER?.trim() !== 'always_off',
    ...metricExport(options, env),
    shutdownTimeoutMs: wholeNumber(
      { value: options.shutdownTimeoutMs ?? DEFAULT_SHUTDOWN_MS, from: 'shutdownTimeoutMs' },
      1,
      LONGEST_MS,
    ),
    sdkLogLevel: sdkLogLevel(env),
    spanBuffer: spanBufferOf(env),
    warnings: warnings(env),
  };
}

/** The exporters of a signal; all that it can have where the variable is unset. */
function exporters(name: string, known: readonly string[], env: Env): readonly string[] {
  const setting = firstSet(env, [name]);
  if (setting === undefined) return known;
  const words = setting.value.split(',').map((word) => word.trim().toLowerCase());
  const unknown = words.find((word) => word !== 'none' && !known.includes(word));
  if (unknown !== undefined) {
    throw badSetting(
      `${name} names an exporter that is not supported: ${shown(unknown)}.`,
      `Set none, or one or more of ${known.join(', ')}, separated by commas.`,
    );
  }
  if (!words.includes('none')) return words;
  if (words.some((word) => word !== 'none')) throw badSetting(`${name} names none and others.`, 'Set none alone.');
  return [];
}

function metricExport(
  options: TelemetryOptions,
  env: Env,
): Pick<TelemetryConfig, 'metricExportIntervalMs' | 'metricExportTimeoutMs'> {
  const interval = optionOrEnv('metricExportIntervalMs', options.metricExportIntervalMs, env, [
    'OTEL_METRIC_EXPORT_INTERVAL',
  ]);
  const timeout = firstSet(env, ['OTEL_METRIC_EXPORT_TIMEOUT']);
  const intervalMs = milliseconds(interval, DEFAULT_INTERVAL_MS);
  // The SDK refuses a timeout longer than the interval.
  return {
    metricExportIntervalMs: intervalMs,
    metricExportTimeoutMs: Math.min(intervalMs, milliseconds(timeout, DEFAULT_EXPORT_TIMEOUT_MS)),
  };
}

/** The SDK reads OTEL_BSP_* by itself, and takes what is no number, or negative, for a queue that drops every span. */
function spanBufferOf(env: Env): TelemetryConfig['spanBuffer'] {
  const check = (name: string, least: number, most: number): number | undefined => {
    const setting = firstSet(env, [name]);
    return setting && wholeNumber(setting, least, most);
  };
  check('OTEL_BSP_SCHEDULE_DELAY', 0, LONGEST_MS);
  check('OTEL_BSP_EXPORT_TIMEOUT', 1, LONGEST_MS);
  const queue = check('OTEL_BSP_MAX_QUEUE_SIZE', 1, MOST_SPANS);
  const batch = check('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 1, MOST_SPANS);
  return queue === undefined && batch === undefined ? spanBuffer : {};
}

function milliseconds(setting: Setting<number | string> | undefined, otherwise: number): number {
  return setting ? wholeNumber(setting, 1, LONGEST_MS) : otherwise;
}

/** Warnings and errors unless set: at info the SDK repeats each failed export, which is reported here already. */
function sdkLogLevel(env: Env): DiagLogLevel {
  const setting = firstSet(env, ['OTEL_LOG_LEVEL']);
  if (setting === undefined) return DiagLogLevel.WARN;
  return sdkLogLevels[oneOf(setting, Object.keys(sdkLogLevels) as (keyof typeof sdkLogLevels)[])]; // keys() widens
}

/** Every value but `true` counts as false, with a warning (OpenTelemetry specification, "Boolean value"). */
function warnings(env: Env): string[] {
  return ['OTEL_SDK_DISABLED', 'TELEMETRY_METRICS_UNPROTECTED'].flatMap((name) => {
    const setting = firstSet(env, [name]);
    if (setting === undefined || /^(true|false)$/i.test(setting.value)) return [];
    return [`${name} is ${shown(setting.value)}, which counts as false. Set true or false.`];
  });
}
