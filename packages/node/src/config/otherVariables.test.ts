import { describe, expect, it } from 'vitest';
import { hasExponentialHistograms, ignoredVariables } from './otherVariables.ts';

const histograms = 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION';

describe('a variable of OpenTelemetry whose value has no effect', () => {
  it.each([
    [
      'OTEL_CONFIG_FILE',
      '/etc/otel.yaml',
      /^OTEL_CONFIG_FILE is "\/etc\/otel.yaml", which has no effect\. No configuration/,
    ],
    ['OTEL_METRICS_EXEMPLAR_FILTER', 'always_on', /Set trace_based or always_off\.$/],
    [histograms, 'linear', /Set explicit_bucket_histogram or base2/],
    ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'monthly', /Set cumulative, delta or lowmemory\.$/],
    ['OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT', '5', /serialiser of pino\.$/],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd', /Set gzip or none\.$/],
    ['OTEL_EXPORTER_OTLP_LOGS_COMPRESSION', 'zstd', /^OTEL_EXPORTER_OTLP_LOGS_COMPRESSION is "zstd"/],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'z\0\n'.repeat(1000), /^OTEL_EXPORTER_OTLP_COMPRESSION is "/],
  ])('%s=%j is named in one bounded line', (name, value, message) => {
    const [line, ...more] = ignoredVariables({ [name]: value });
    expect(line).toMatch(message);
    expect(line?.length).toBeLessThan(400);
    expect(line).not.toMatch(/[\0\n]/);
    expect(more).toEqual([]);
  });

  it.each([
    {},
    { OTEL_CONFIG_FILE: ' ' },
    { OTEL_EXPORTER_OTLP_COMPRESSION: 'GZIP', OTEL_METRICS_EXEMPLAR_FILTER: 'trace_based' },
    { [histograms]: 'base2_exponential_bucket_histogram' },
  ])('is not in %o', (env) => {
    expect(ignoredVariables(env)).toEqual([]);
  });
});

it('histograms are exponential only by their variable', () => {
  const all = [
    {},
    { [histograms]: 'Base2_Exponential_Bucket_Histogram' },
    { [histograms]: 'explicit_bucket_histogram' },
  ];
  expect(all.map(hasExponentialHistograms)).toEqual([false, true, false]);
});
