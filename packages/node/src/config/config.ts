import { type Attributes, DiagLogLevel } from '@opentelemetry/api';
import { type ExportLimits, exportLimits } from '../export/exportLimits.ts';
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
  /** Where log lines go besides their destination. */
  readonly logs: OtlpTarget | undefined;
  readonly metricsPage: MetricsPageAddress | undefined;
  readonly hasExemplars: boolean;
  readonly metricExportIntervalMs: number;
  readonly metricExportTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  /** What the OpenTelemetry SDK may say about itself. */
  readonly sdkLogLevel: DiagLogLevel;
  /** How ended spans leave: OTEL_BSP_* where it is set. */
  readonly spanExport: ExportLimits;
  /** How log records leave: OTEL_BLRP_* where it is set. */
  readonly logExport: ExportLimits;
  /** What was let pass but deserves a line in the log. */
  readonly warnings: readonly string[];
}

// OpenTelemetry specification, "Periodic exporting MetricReader".
const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_EXPORT_TIMEOUT_MS = 30_000;
const DEFAULT_SHUTDOWN_MS = 5_000;

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
    logs: otlp && sendsLogs(options, env) ? otlpTarget('LOGS', otlp, env) : undefined,
    metricsPage: metricExporters.includes('prometheus') ? metricsPageConfig(options.metricsPage, env) : undefined,
    hasExemplars: options.exemplars ?? env.OTEL_METRICS_EXEMPLAR_FILTER?.trim() !== 'always_off',
    ...metricExport(options, env),
    shutdownTimeoutMs: wholeNumber(
      { value: options.shutdownTimeoutMs ?? DEFAULT_SHUTDOWN_MS, from: 'shutdownTimeoutMs' },
      1,
      LONGEST_MS,
    ),
    sdkLogLevel: sdkLogLevel(env),
    spanExport: exportLimits('OTEL_BSP', env),
    logExport: exportLimits('OTEL_BLRP', env),
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

/** Lines are sent only where that is asked for: each then costs some microseconds more. */
function sendsLogs({ log }: TelemetryOptions, env: Env): boolean {
  const isAskedFor = firstSet(env, ['OTEL_LOGS_EXPORTER']) !== undefined;
  return log?.otlp ?? (isAskedFor && exporters('OTEL_LOGS_EXPORTER', ['otlp'], env).includes('otlp'));
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
