import { knownOptions, OptionError, type OptionNames, objectOption } from '@benchlab-otel/core';
import type { LogOptions } from '../logs/logOptions.ts';
import type { OtlpOptions, TelemetryOptions } from './telemetryOptions.ts';

const telemetryNames: OptionNames<TelemetryOptions> = {
  serviceName: true,
  serviceVersion: true,
  environment: true,
  node: true,
  resourceAttributes: true,
  otlp: true,
  metricsPage: true,
  exemplars: true,
  receivers: true,
  consumers: true,
  enrichers: true,
  redact: true,
  instrumentations: true,
  log: true,
  telemetryOut: true,
  alerts: true,
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
  knownOptions<OtlpOptions>('otlp', options.otlp === false ? undefined : options.otlp, otlpNames);
  knownOptions<LogOptions>('log', options.log, logNames);
  objectOption('env', options.env, 'an object of variables, like process.env');
  objectOption('resourceAttributes', options.resourceAttributes, 'an object of attributes');
  checkClock(options.clock);
}

function checkClock(clock: unknown): void {
  const methods = ['nowNs', 'anchor', 'at'];
  if (clock === undefined || methods.every((name) => typeof Object(clock)[name] === 'function')) return;
  throw new OptionError({
    option: 'clock',
    value: clock,
    allowed: 'an object with the methods nowNs(), anchor() and at()',
  });
}
