import { consumerOption, isObject, OptionError, shown } from '@benchlab-otel/core';
import { type Attributes, DiagLogLevel } from '@opentelemetry/api';
import type { SpanLimits } from '@opentelemetry/sdk-trace';
import { type AlertsConfig, alertsConfig } from '../alerts/alertOptions.ts';
import type { ExportLimits } from '../export/exportLimits.ts';
import type { OtlpTarget } from '../export/otlpTarget.ts';
import { checkedInstrumentations, type Instrumentation } from '../trace/instrumentation.ts';
import { defaultPropagators, type PropagatorName, propagatorNames } from '../trace/propagators.ts';
import {
  type Env,
  firstSet,
  isServiceLink,
  oneOf,
  optionOrEnv,
  type Setting,
  texts,
  wholeNumber,
} from './environment.ts';
import { exportConfig } from './exportConfig.ts';
import { givenAttributes, processLabels } from './givenAttributes.ts';
import { type MetricsPageConfig, metricsPageConfig, portVariables } from './metricsPageConfig.ts';
import { checkOptionNames } from './optionNames.ts';
import { hasExponentialHistograms, ignoredVariables } from './otherVariables.ts';
import { otlpConfig, tlsFiles } from './otlpConfig.ts';
import { type ParentTrace, parentTrace } from './parentTrace.ts';
import { type SamplerConfig, samplerConfig } from './samplerConfig.ts';
import { spanLimits } from './spanLimits.ts';
import type { TelemetryOptions } from './telemetryOptions.ts';
import { longestTimerMs } from './timerRange.ts';

/** What `startTelemetry` is to do: decided by the options, then `OTEL_*`, then the variables `TELEMETRY_*`. */
export interface TelemetryConfig {
  readonly isDisabled: boolean;
  /** In the order of OTEL_PROPAGATORS; also in a disabled process, which still passes context on. */
  readonly propagators: readonly PropagatorName[];
  /** The span that started this process: the parent of spans that have no other. */
  readonly parentTrace: ParentTrace | undefined;
  /** Where a process that ends at once writes how many spans it did not send. */
  readonly unsentFile: string | undefined;
  /** From options and environment, without the attributes that the process finds out about itself. */
  readonly resourceAttributes: Attributes;
  /** Enrichers that the environment names. */
  readonly enricherNames: readonly string[];
  /** Labels of every metric point: `environment` and `node`, each where it is known. */
  readonly labels: Readonly<Record<string, string>>;
  readonly traces: OtlpTarget | undefined;
  readonly metrics: OtlpTarget | undefined;
  /** Where log lines are sent in addition to their destination. */
  readonly logs: OtlpTarget | undefined;
  readonly metricsPage: MetricsPageConfig | undefined;
  /** Signals that are also written to standard output, for people to look at. Log lines are there anyway. */
  readonly console: { readonly traces: boolean; readonly metrics: boolean };
  /** The variable by which @grpc/grpc-js sends connections through a proxy, in its order. */
  readonly proxyVariable: string | undefined;
  /** Files of certificates and keys that the exporters read themselves, by their variables. */
  readonly tlsFiles: readonly Setting<string>[];
  /** Histograms leave over OTLP with exponential buckets; the metrics page keeps its bounds. */
  readonly hasExponentialHistograms: boolean;
  readonly hasExemplars: boolean;
  readonly metricExportIntervalMs: number;
  readonly metricExportTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  /** The least severe level at which messages of the OpenTelemetry SDK are logged. */
  readonly sdkLogLevel: DiagLogLevel;
  readonly sampler: SamplerConfig;
  readonly spanLimits: SpanLimits;
  /** Limits of the export of spans: OTEL_BSP_* where it is set. */
  readonly spanExport: ExportLimits;
  /** Limits of the export of log records: OTEL_BLRP_* where it is set. */
  readonly logExport: ExportLimits;
  readonly instrumentations: readonly Instrumentation[];
  readonly alerts: AlertsConfig | undefined;
  /** Settings that are accepted but deserve a line in the log. */
  readonly warnings: readonly string[];
}

// OpenTelemetry specification, "Periodic exporting MetricReader".
const defaultIntervalMs = 60_000;
const defaultExportTimeoutMs = 30_000;
const defaultShutdownMs = 5_000;
const maxPropagatorWarnings = 5;

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
export function resolveConfig(options: TelemetryOptions = {}, variables?: Env): TelemetryConfig {
  checkOptionNames(options);
  const given = texts(variables ?? options.env ?? process.env);
  const isDisabled = given.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true';
  // Telemetry that is off must not end an application because of a variable that it does not use.
  const env: Env = isDisabled ? {} : given;
  const propagation = propagators(given);
  const { parent, warnings: parentWarnings } = parentTrace(env);
  const sampling = samplerConfig(env);
  const limits = spanLimits(env);
  checkConsumers(options.consumers);
  checkReceivers(options.receivers);
  const instrumentations = checkedInstrumentations(options.instrumentations);
  const traceExporters = exporters('OTEL_TRACES_EXPORTER', ['otlp'], env);
  const metricExporters = exporters('OTEL_METRICS_EXPORTER', ['otlp', 'prometheus'], env);
  const otlp = options.otlp === undefined ? {} : options.otlp;
  const attributes = givenAttributes(options, env);
  return {
    isDisabled,
    propagators: propagation.names,
    parentTrace: parent,
    unsentFile: firstSet(env, ['TELEMETRY_UNSENT_FILE'])?.value,
    resourceAttributes: attributes,
    enricherNames: enricherNames(env),
    labels: processLabels(attributes),
    traces: otlp && traceExporters.includes('otlp') ? otlpConfig('TRACES', otlp, env) : undefined,
    metrics: otlp && metricExporters.includes('otlp') ? otlpConfig('METRICS', otlp, env) : undefined,
    logs: otlp && sendsLogs(options, env) ? otlpConfig('LOGS', otlp, env) : undefined,
    console: { traces: traceExporters.includes('console'), metrics: metricExporters.includes('console') },
    metricsPage: metricExporters.includes('prometheus') ? metricsPageConfig(options.metricsPage, env) : undefined,
    proxyVariable: ['grpc_proxy', 'https_proxy', 'http_proxy'].find((name) => env[name]?.trim()),
    tlsFiles: tlsFiles(env),
    hasExponentialHistograms: hasExponentialHistograms(env),
    hasExemplars: options.exemplars ?? env.OTEL_METRICS_EXEMPLAR_FILTER?.trim() !== 'always_off',
    ...metricExport(options, env),
    shutdownTimeoutMs: wholeNumber(
      { value: options.shutdownTimeoutMs ?? defaultShutdownMs, from: 'shutdownTimeoutMs' },
      1,
      longestTimerMs,
    ),
    sdkLogLevel: sdkLogLevel(env),
    sampler: sampling.sampler,
    spanLimits: limits.limits,
    spanExport: exportConfig('OTEL_BSP', env),
    logExport: exportConfig('OTEL_BLRP', env),
    instrumentations,
    alerts: options.alerts && alertsConfig(options.alerts),
    warnings: [...warnings(env), ...propagation.warnings, ...parentWarnings, ...sampling.warnings, ...limits.warnings],
  };
}

function enricherNames(env: Env): readonly string[] {
  const words = firstSet(env, ['TELEMETRY_ENRICHERS'])?.value.split(',') ?? [];
  return [...new Set(words.map((word) => word.trim()).filter((word) => word !== '' && word !== 'none'))];
}

/** A wrong one would fail at the first sample only, and only in the log. */
function checkConsumers(consumers: unknown = []): void {
  if (!Array.isArray(consumers)) throw new OptionError({ option: 'consumers', value: consumers, allowed: 'a list' });
  for (const [k, consumer] of consumers.entries()) consumerOption(`consumers[${k}]`, consumer);
}

function checkReceivers(receivers: unknown = []): void {
  if (!Array.isArray(receivers)) throw new OptionError({ option: 'receivers', value: receivers, allowed: 'a list' });
  for (const [k, receiver] of receivers.entries()) {
    if (isObject(receiver) && typeof receiver.start === 'function' && typeof receiver.stop === 'function') continue;
    const allowed = 'an object with the methods start() and stop()';
    throw new OptionError({ option: `receivers[${k}]`, value: receiver, allowed });
  }
}

/** The exporters that a variable names: `usual` ones, which are used where it is unset, and the console. */
function exporters(name: string, usual: readonly string[], env: Env): readonly string[] {
  const setting = firstSet(env, [name]);
  if (setting === undefined) return usual;
  const known = [...usual, 'console'];
  const words = setting.value.split(',').map((word) => word.trim().toLowerCase());
  const isNone = words.every((word) => word === 'none');
  if (!isNone && words.some((word) => !known.includes(word))) {
    const allowed = `none alone, or one or more of ${known.join(', ')}, separated by commas`;
    throw new OptionError({ option: name, value: setting.value, allowed });
  }
  return isNone ? [] : words;
}

/** Lines are sent only on request, because each line then costs some microseconds more. */
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
  const intervalMs = milliseconds(interval, defaultIntervalMs);
  // The SDK refuses a timeout longer than the interval.
  return {
    metricExportIntervalMs: intervalMs,
    metricExportTimeoutMs: Math.min(intervalMs, milliseconds(timeout, defaultExportTimeoutMs)),
  };
}

function milliseconds(setting: Setting<number | string> | undefined, otherwise: number): number {
  return setting ? wholeNumber(setting, 1, longestTimerMs) : otherwise;
}

/** Warnings and errors unless set: at level info the SDK repeats each failed export, which is already reported here. */
function sdkLogLevel(env: Env): DiagLogLevel {
  const setting = firstSet(env, ['OTEL_LOG_LEVEL']);
  if (setting === undefined) return DiagLogLevel.WARN;
  return sdkLogLevels[oneOf(setting, Object.keys(sdkLogLevels) as (keyof typeof sdkLogLevels)[])]; // keys() widens
}

/** From OTEL_PROPAGATORS, where a name that is not known is left out with a warning. */
function propagators(env: Env): { names: readonly PropagatorName[]; warnings: readonly string[] } {
  const setting = firstSet(env, ['OTEL_PROPAGATORS']);
  if (setting === undefined) return { names: defaultPropagators, warnings: [] };
  const words = setting.value.split(',').map((word) => word.trim().toLowerCase());
  const known = propagatorNames.filter((name) => words.includes(name));
  const unknown = words.filter((word) => word !== '' && word !== 'none' && !known.some((name) => name === word));
  const names = known.toSorted((a, b) => words.indexOf(a) - words.indexOf(b));
  const allowed = `none, or one or more of ${propagatorNames.join(', ')}, separated by commas`;
  const warnings = unknown.map(
    (word) => `OTEL_PROPAGATORS names ${shown(word)}, which is left out. It must be ${allowed}.`,
  );
  return { names, warnings: warnings.slice(0, maxPropagatorWarnings) };
}

/** Every value except `true` counts as false, with a warning (OpenTelemetry specification, "Boolean value"). */
function warnings(env: Env): string[] {
  const switches = ['OTEL_SDK_DISABLED', 'TELEMETRY_METRICS_UNPROTECTED', 'TELEMETRY_METRICS_PORT_SHARED'].flatMap(
    (name) => {
      const setting = firstSet(env, [name]);
      if (setting === undefined || /^(true|false)$/i.test(setting.value)) return [];
      return [`${name} is ${shown(setting.value)}, which counts as false. Set true or false.`];
    },
  );
  const links = portVariables
    .filter((name) => isServiceLink(env[name]))
    .map(
      (name) =>
        `${name} is ${shown(env[name])}, which Kubernetes sets for a Service of that name: it is not used as the port of the ` +
        'metrics page. Set OTEL_EXPORTER_PROMETHEUS_PORT or metricsPage.port, or enableServiceLinks: false in the pod.',
    );
  return [...switches, ...links, ...ignoredVariables(env)];
}
