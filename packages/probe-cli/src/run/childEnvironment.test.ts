import { expect, it } from 'vitest';
import { childEnvironment } from './childEnvironment.ts';

const endpoint = 'http://127.0.0.1:4321';
const header = 'benchlab-run=0af7';

it('points every way of configuring OTLP at the probe, and takes away what would divert it', () => {
  const variables = childEnvironment(
    {
      PATH: '/bin',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://elsewhere',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://elsewhere/v1/traces',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'tenant=a ',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: '',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/ca.pem',
      OTEL_SDK_DISABLED: 'true',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_TRACES_SAMPLER: 'always_on',
      OTEL_RESOURCE_ATTRIBUTES: 'a=b',
    },
    { endpoint, header },
  );

  expect(variables).toEqual({
    PATH: '/bin',
    OTEL_TRACES_SAMPLER: 'always_on',
    OTEL_RESOURCE_ATTRIBUTES: 'a=b',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret,benchlab-run=0af7',
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'tenant=a,benchlab-run=0af7',
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: header,
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_BSP_SCHEDULE_DELAY: '200',
    TELEMETRY_EXPORTER_ENDPOINT: endpoint,
    TELEMETRY_ENVIRONMENT: 'test',
    PROMETHEUS_PORT: '0',
    OTEL_SDK_DISABLED: 'true',
  });
});

const observation = { pagePort: 9876, metricsAndLogs: true, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
const observed = {
  PROMETHEUS_PORT: '9876',
  OTEL_EXPORTER_PROMETHEUS_PORT: '9876',
  TELEMETRY_METRICS_PORT_SHARED: 'true',
  OTEL_METRICS_EXPORTER: 'otlp,prometheus',
  OTEL_LOGS_EXPORTER: 'otlp',
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
  TELEMETRY_ENVIRONMENT: 'test',
  TRACEPARENT: observation.traceparent,
};

it('asks a program whose metrics and logs are wanted for them, and gives it the port of its page', () => {
  expect(childEnvironment({}, { endpoint, header }, observation)).toMatchObject(observed);
});

it('names the file for the numbers of unsent spans, in place of that of a run around this one', () => {
  const parent = { TELEMETRY_UNSENT_FILE: '/outer' };
  const variables = childEnvironment(parent, { endpoint, header }, { unsentFile: '/inner' });
  expect(variables.TELEMETRY_UNSENT_FILE).toBe('/inner');
});

it.each(Object.keys(observed).filter((name) => name !== 'TELEMETRY_METRICS_PORT_SHARED'))(
  'leaves %s where the user has set it, and not where it is empty',
  (name) => {
    expect(childEnvironment({ [name]: '1' }, { endpoint, header }, observation)[name]).toBe('1');
    expect(childEnvironment({ [name]: ' ' }, { endpoint, header }, observation)).toMatchObject(observed);
  },
);

it.each(['PROMETHEUS_PORT', 'OTEL_EXPORTER_PROMETHEUS_PORT'])('gives no second port next to %s', (name) => {
  const other = name === 'PROMETHEUS_PORT' ? 'OTEL_EXPORTER_PROMETHEUS_PORT' : 'PROMETHEUS_PORT';
  const variables = childEnvironment({ [name]: '9999' }, { endpoint, header }, observation);
  expect([variables[name], variables[other], variables.TELEMETRY_METRICS_PORT_SHARED]).toEqual([
    '9999',
    undefined,
    undefined,
  ]);
});

it.each([
  ['parentbased_traceidratio', undefined],
  ['parentbased_always_off', undefined],
  ['parentbased_always_on', observation.traceparent],
  ['traceidratio', observation.traceparent],
])('gives no trace that would decide in place of the sampler %s', (sampler, expected) => {
  const parent = { OTEL_TRACES_SAMPLER: sampler };
  expect(childEnvironment(parent, { endpoint, header }, observation).TRACEPARENT).toBe(expected);
});

it('leaves a port for the metrics page that the user chose', () => {
  expect(childEnvironment({ PROMETHEUS_PORT: '9999' }, { endpoint, header }).PROMETHEUS_PORT).toBe('9999');
});

it.each([{}, { OTEL_EXPORTER_OTLP_HEADERS: ' ' }])(
  'sends the header of the run alone where the user has set none: %j',
  (parent) => {
    expect(childEnvironment(parent, { endpoint, header }).OTEL_EXPORTER_OTLP_HEADERS).toBe(header);
  },
);

it.each([
  ['benchlab-run=1111', header],
  ['tenant=a,benchlab-run=1111', `tenant=a,${header}`],
  ['Benchlab-Run = 1111, tenant=a,,', `tenant=a,${header}`],
  [',', header],
  ['tenant=a=b,x-benchlab-run=1', `tenant=a=b,x-benchlab-run=1,${header}`],
])('replaces the header of a run around this one: %j', (value, expected) => {
  const parent = { OTEL_EXPORTER_OTLP_HEADERS: value };
  expect(childEnvironment(parent, { endpoint, header }).OTEL_EXPORTER_OTLP_HEADERS).toBe(expected);
});
