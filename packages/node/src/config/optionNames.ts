import { knownOptions, type OptionNames } from '@benchlab-otel/core';
import type { LogOptions } from '../logs/logOptions.ts';
import type { OtlpOptions, TelemetryOptions } from './telemetryOptions.ts';

const telemetryNames: OptionNames<TelemetryOptions> = {
  serviceName: true,
  serviceVersion: true,
  environment: true,
  resourceAttributes: true,
  otlp: true,
  metricsPage: true,
  exemplars: true,
  receivers: true,
  consumers: true,
  enrichers: true,
  instrumentations: true,
  log: true,
  telemetryOut: true,
  metricExportIntervalMs: true,
  shutdownTimeoutMs: true,
  env: true,
  clock: true,
};
const otlpNames: OptionNames<OtlpOptions> = { endpoint: true, headers: true, timeoutMs: true };
const logNames: OptionNames<LogOptions> = { level: true, destination: true, otlp: true };

/** @throws OptionError for an option of `startTelemetry` that does not exist, with the nearest. */
export function checkOptionNames(options: TelemetryOptions): void {
  knownOptions<TelemetryOptions>('startTelemetry', options, telemetryNames);
  knownOptions<OtlpOptions>('otlp', options.otlp, otlpNames);
  knownOptions<LogOptions>('log', options.log, logNames);
}
