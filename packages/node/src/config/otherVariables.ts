import { shown } from '@benchlab-otel/core';
import { type Env, firstSet } from './environment.ts';

/** A variable of the OpenTelemetry specification, and which of its values have no effect here. */
interface OtherVariable {
  readonly name: string;
  /** True for a value that has no effect. */
  readonly isIgnored: (value: string) => boolean;
  readonly instead: string;
}

const always = (): boolean => true;
const anyOf =
  (...words: readonly string[]) =>
  (value: string): boolean =>
    !words.includes(value.toLowerCase());

const otlpSignals = ['', '_TRACES', '_METRICS', '_LOGS'];

/**
 * OpenTelemetry specification, "Environment Variable Specification" and "OpenTelemetry Protocol Exporter". docs/environment.md
 * lists all of them.
 */
const otherVariables: readonly OtherVariable[] = [
  {
    name: 'OTEL_CONFIG_FILE',
    isIgnored: always,
    instead: 'No configuration file is read yet. Use the other variables, or the options of startTelemetry.',
  },
  {
    name: 'OTEL_EXPERIMENTAL_CONFIG_FILE',
    isIgnored: always,
    instead: 'No configuration file is read yet. Use the other variables, or the options of startTelemetry.',
  },
  {
    name: 'OTEL_METRICS_EXEMPLAR_FILTER',
    isIgnored: anyOf('trace_based', 'always_off'),
    instead: 'Exemplars are of sampled spans. Set trace_based or always_off.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    isIgnored: anyOf('explicit_bucket_histogram', 'base2_exponential_bucket_histogram'),
    instead: 'Set explicit_bucket_histogram or base2_exponential_bucket_histogram.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    isIgnored: anyOf('cumulative', 'delta', 'lowmemory'),
    instead: 'Set cumulative, delta or lowmemory.',
  },
  ...(['VALUE_LENGTH', 'COUNT'] as const).map((limit) => ({
    name: `OTEL_LOGRECORD_ATTRIBUTE_${limit}_LIMIT`,
    isIgnored: always,
    instead: 'A log line is sent as it was written. Use redact or a serialiser of pino.',
  })),
  ...otlpSignals.map((signal) => ({
    name: `OTEL_EXPORTER_OTLP${signal}_COMPRESSION`,
    isIgnored: anyOf('gzip', 'none'),
    instead: 'Set gzip or none.',
  })),
];

/** A sentence for each variable whose value has no effect. */
export function ignoredVariables(env: Env): string[] {
  return otherVariables.flatMap(({ name, isIgnored, instead }) => {
    const setting = firstSet(env, [name]);
    if (setting === undefined || !isIgnored(setting.value)) return [];
    return [`${name} is ${shown(setting.value)}, which has no effect. ${instead}`];
  });
}

/** Whether histograms leave over OTLP with exponential buckets. */
export function hasExponentialHistograms(env: Env): boolean {
  const setting = firstSet(env, ['OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION']);
  return setting?.value.toLowerCase() === 'base2_exponential_bucket_histogram';
}
