import { OptionError } from '@benchlab-otel/core';
import { DiagLogLevel } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from './config.ts';
import type { Env } from './environment.ts';
import type { TelemetryOptions } from './telemetryOptions.ts';

/** The error that resolveConfig throws. */
function refusal(options: unknown, env: Env = {}): OptionError {
  try {
    resolveConfig(options as TelemetryOptions, env); // bad options are what is tested
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('resolveConfig', () => {
  it('sends both signals to a local collector and opens a loopback page when nothing is set', () => {
    const config = resolveConfig({}, {});

    const target = { endpoint: 'http://localhost:4317', headers: {}, timeoutMs: 10_000 };
    expect(config).toMatchObject({
      isDisabled: false,
      traces: target,
      metrics: target,
      metricsPage: { host: '127.0.0.1', port: 9464 },
      labels: {},
      metricExportIntervalMs: 60_000,
      metricExportTimeoutMs: 30_000,
      shutdownTimeoutMs: 5000,
      sdkLogLevel: DiagLogLevel.WARN,
      warnings: [],
    });
  });

  it.each<[string, TelemetryOptions, Env, string | undefined]>([
    [
      'the option',
      { otlp: { endpoint: 'http://a:1' } },
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b:1' },
      'http://a:1',
    ],
    [
      'the variable of the signal',
      {},
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b:1', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:1' },
      'http://b:1',
    ],
    [
      'the general variable',
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:1', TELEMETRY_EXPORTER_ENDPOINT: 'http://d:1' },
      'http://c:1',
    ],
    ['TELEMETRY_EXPORTER_ENDPOINT', {}, { TELEMETRY_EXPORTER_ENDPOINT: 'https://d:1' }, 'https://d:1'],
    ['an address without scheme', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: ' collector:4317 ' }, 'collector:4317'],
    ['a socket', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'unix:///run/otlp.sock' }, 'unix:///run/otlp.sock'],
    ['a socket as gRPC writes it', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'unix:/run/otlp.sock' }, 'unix:///run/otlp.sock'],
    ['a scheme in capitals', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'HTTP://collector:4317' }, 'http://collector:4317'],
    [
      'not an empty variable',
      {},
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:1' },
      'http://c:1',
    ],
    ['nothing where otlp is off', { otlp: false }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:1' }, undefined],
    ['nothing where traces have no exporter', {}, { OTEL_TRACES_EXPORTER: 'none' }, undefined],
  ])('takes the endpoint of traces from %s', (_from, options, env, endpoint) => {
    expect(resolveConfig(options, env).traces?.endpoint).toBe(endpoint);
  });

  it('keeps the endpoints of the two signals apart', () => {
    const config = resolveConfig({}, { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m:1' });

    expect([config.traces?.endpoint, config.metrics?.endpoint]).toEqual(['http://localhost:4317', 'http://m:1']);
  });

  it('merges headers: the option wins over the variable of the signal, and that over the general one', () => {
    const config = resolveConfig(
      { otlp: { headers: { Tenant: 'option' } } },
      {
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20one,tenant=general,x=general',
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x=signal',
      },
    );

    expect(config.traces?.headers).toEqual({ authorization: 'Bearer one', tenant: 'option', x: 'signal' });
    expect(config.metrics?.headers).toMatchObject({ x: 'general' });
  });

  it.each<[string, TelemetryOptions, Env, number | undefined]>([
    ['the option', { metricsPage: { port: 0 } }, { OTEL_EXPORTER_PROMETHEUS_PORT: '1' }, 0],
    ['OTEL_EXPORTER_PROMETHEUS_PORT', {}, { OTEL_EXPORTER_PROMETHEUS_PORT: '1', PROMETHEUS_PORT: '2' }, 1],
    ['PROMETHEUS_PORT', {}, { PROMETHEUS_PORT: '2' }, 2],
    ['no source, where the page is off', { metricsPage: false }, { PROMETHEUS_PORT: '2' }, undefined],
    ['no source, where only OTLP is exported', {}, { OTEL_METRICS_EXPORTER: 'otlp' }, undefined],
  ])('takes the port of the page from %s', (_from, options, env, port) => {
    expect(resolveConfig(options, env).metricsPage?.port).toBe(port);
  });

  it('takes the host of the page from OTEL_EXPORTER_PROMETHEUS_HOST', () => {
    expect(resolveConfig({}, { OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0' }).metricsPage?.host).toBe('0.0.0.0');
  });

  it.each<[string, TelemetryOptions, Env, object]>([
    ['the option', { metricsPage: { token: 'a' } }, { TELEMETRY_METRICS_TOKEN_FILE: 'f' }, { token: 'a' }],
    ['TELEMETRY_METRICS_TOKEN_FILE', {}, { TELEMETRY_METRICS_TOKEN_FILE: 'f' }, { tokenFile: 'f' }],
    ['TELEMETRY_METRICS_TOKEN', {}, { TELEMETRY_METRICS_TOKEN: 'b' }, { token: 'b' }],
    ['no source', {}, {}, {}],
  ])('takes the token of the page from %s', (_from, options, env, expected) => {
    const { token, tokenFile } = resolveConfig(options, env).metricsPage ?? {};
    expect({ ...(token && { token }), ...(tokenFile && { tokenFile }) }).toEqual(expected);
  });

  it.each<[unknown, RegExp]>([
    [[{ sample() {}, lost() {} }, undefined], /^consumers\[1\] is undefined\. It must be an object with the methods/],
    [[{ sample() {} }], /^consumers\[0\] is an object\. It must be an object with the methods sample\(\) and lost\(\)/],
    [{ sample() {}, lost() {} }, /^consumers is an object\. It must be a list/],
    [null, /^consumers is null\. It must be a list/],
  ])('refuses consumers that cannot receive samples: %o', (consumers, message) => {
    expect(() => resolveConfig({ consumers } as TelemetryOptions, {})).toThrow(message);
  });

  it.each(['OTEL_EXPORTER_PROMETHEUS_PORT', 'PROMETHEUS_PORT'])(
    'does not take the Service link of Kubernetes in %s for a port, and warns of it',
    (name) => {
      const { metricsPage, warnings } = resolveConfig({}, { [name]: 'tcp://10.96.0.12:9090' });
      expect(metricsPage?.port).toBe(9464);
      expect(warnings).toEqual([
        expect.stringMatching(new RegExp(`^${name} is "tcp://10.96.0.12:9090", which Kubernetes`)),
      ]);
    },
  );

  it('takes the port of the other variable next to a Service link', () => {
    const env = { OTEL_EXPORTER_PROMETHEUS_PORT: 'TCP://10.96.0.12:9090', PROMETHEUS_PORT: '9100' };
    expect(resolveConfig({}, env).metricsPage?.port).toBe(9100);
  });

  it('accepts any other variable where OTEL_SDK_DISABLED is true', () => {
    const wrong = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'gopher://x',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_HEADERS: 'no pair',
      OTEL_EXPORTER_OTLP_TIMEOUT: 'soon',
      OTEL_METRIC_EXPORT_INTERVAL: '-1',
      OTEL_TRACES_EXPORTER: 'zipkin',
      OTEL_RESOURCE_ATTRIBUTES: '%',
      OTEL_BSP_MAX_QUEUE_SIZE: '0',
      OTEL_LOG_LEVEL: 'loud',
      PROMETHEUS_PORT: '99999',
      TELEMETRY_METRICS_TOKEN: 'short\0',
    };
    for (const [name, value] of Object.entries(wrong)) {
      expect(() => resolveConfig({}, { [name]: value }), name).toThrow(OptionError);
    }
    expect(resolveConfig({}, { ...wrong, OTEL_SDK_DISABLED: ' TRUE ' }).isDisabled).toBe(true);
  });

  it.each([
    [{ https_proxy: 'http://p', http_proxy: 'http://q' }, 'https_proxy'],
    [{ grpc_proxy: ' ', http_proxy: 'http://q' }, 'http_proxy'],
    [{}, undefined],
  ])('finds the variable of a proxy in %o', (env, name) => {
    expect(resolveConfig({}, env).proxyVariable).toBe(name);
  });

  it('keeps the order of OTEL_PROPAGATORS, and leaves out names that it does not know, with a warning', () => {
    const { propagators, warnings } = resolveConfig({}, { OTEL_PROPAGATORS: ' xray , B3,tracecontext,b3' });
    expect(propagators).toEqual(['b3', 'tracecontext']);
    expect(warnings).toEqual([
      'OTEL_PROPAGATORS names "xray", which is left out. It must be none, or one or more of tracecontext, baggage, b3, b3multi, jaeger, separated by commas.',
    ]);
  });

  it('warns at most five times of OTEL_PROPAGATORS, however long it is', () => {
    const { warnings } = resolveConfig({}, { OTEL_PROPAGATORS: Array.from({ length: 1e5 }, (_, k) => `x${k}`).join() });
    expect(warnings).toHaveLength(5);
  });

  it.each([
    [[undefined], /^receivers\[0\] is undefined\. It must be an object with the methods start\(\) and stop\(\)/],
    [[{ name: 'x', start() {} }], /^receivers\[0\] is an object\. It must be an object with the methods start\(\)/],
    [{ start() {}, stop() {} }, /^receivers is an object\. It must be a list/],
  ])('refuses receivers that cannot be started: %o', (receivers, message) => {
    expect(() => resolveConfig({ receivers } as unknown as TelemetryOptions, {})).toThrow(message);
  });

  it('refuses a token that is not a bearer token, without showing it', () => {
    const resolve = () => resolveConfig({}, { TELEMETRY_METRICS_TOKEN: 'two words' });
    expect(resolve).toThrow(/TELEMETRY_METRICS_TOKEN is not allowed. It must be a bearer token/);
    expect(resolve).not.toThrow(/two words/);
  });

  it('opens the page to the network only with TELEMETRY_METRICS_UNPROTECTED=true', () => {
    const allowed = (value: string) =>
      resolveConfig({}, { TELEMETRY_METRICS_UNPROTECTED: value }).metricsPage?.allowUnprotected;
    expect([allowed('TRUE'), allowed('false'), allowed('yes')]).toEqual([true, false, false]);
    expect(resolveConfig({}, { TELEMETRY_METRICS_UNPROTECTED: 'yes' }).warnings).toEqual([
      expect.stringContaining('TELEMETRY_METRICS_UNPROTECTED is "yes"'),
    ]);
  });

  it('has exemplars unless the option or OTEL_METRICS_EXEMPLAR_FILTER turns them off', () => {
    const off = { OTEL_METRICS_EXEMPLAR_FILTER: 'always_off' };
    const has = (options: TelemetryOptions, env: Env) => resolveConfig(options, env).hasExemplars;
    expect([has({}, {}), has({}, off), has({ exemplars: true }, off), has({ exemplars: false }, {})]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it.each<[string, TelemetryOptions, Env, string | undefined]>([
    ['the option', { environment: 'a', resourceAttributes: { 'deployment.environment.name': 'b' } }, {}, 'a'],
    [
      'resourceAttributes',
      { resourceAttributes: { 'deployment.environment.name': 'b' } },
      { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=c' },
      'b',
    ],
    [
      'OTEL_RESOURCE_ATTRIBUTES',
      {},
      { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=c', TELEMETRY_ENVIRONMENT: 'd' },
      'c',
    ],
    ['TELEMETRY_ENVIRONMENT', {}, { TELEMETRY_ENVIRONMENT: 'd' }, 'd'],
  ])('takes the environment from %s, for the resource and for points alike', (_from, options, env, environment) => {
    const config = resolveConfig(options, env);

    expect(config.labels.environment).toBe(environment);
    expect(config.resourceAttributes['deployment.environment.name']).toBe(environment);
  });

  it.each([
    [{ node: 'bench-1' }, {}],
    [{}, { OTEL_RESOURCE_ATTRIBUTES: 'benchlab.node=bench-1' }],
    [{ node: 'bench-1' }, { OTEL_RESOURCE_ATTRIBUTES: 'benchlab.node=other' }],
  ])('names the node on the resource and as a label by %j and %j', (options, env) => {
    const config = resolveConfig(options, env);

    expect([config.resourceAttributes['benchlab.node'], config.labels.node]).toEqual(['bench-1', 'bench-1']);
  });

  it('prefers OTEL_SERVICE_NAME to the resource attributes, and the option to both', () => {
    const env = { OTEL_SERVICE_NAME: 'named', OTEL_RESOURCE_ATTRIBUTES: 'service.name=listed,team=a%2Cb' };

    expect(resolveConfig({}, env).resourceAttributes).toEqual({ 'service.name': 'named', team: 'a,b' });
    expect(resolveConfig({ serviceName: 'given' }, env).resourceAttributes['service.name']).toBe('given');
  });

  it('reads the intervals, and limits the timeout to the interval', () => {
    const env = {
      OTEL_METRIC_EXPORT_INTERVAL: '5000',
      OTEL_METRIC_EXPORT_TIMEOUT: '9000',
      OTEL_EXPORTER_OTLP_TIMEOUT: '70',
    };

    const config = resolveConfig({}, env);

    expect([config.metricExportIntervalMs, config.metricExportTimeoutMs, config.traces?.timeoutMs]).toEqual([
      5000, 5000, 70,
    ]);
    expect(resolveConfig({ metricExportIntervalMs: 100 }, env).metricExportIntervalMs).toBe(100);
  });

  it.each([
    ['true', true, 0],
    ['TRUE', true, 0],
    ['false', false, 0],
    ['1', false, 1],
  ])('reads OTEL_SDK_DISABLED=%s as disabled: %s', (value, isDisabled, warnings) => {
    const config = resolveConfig({}, { OTEL_SDK_DISABLED: value });

    expect([config.isDisabled, config.warnings.length]).toEqual([isDisabled, warnings]);
  });

  it.each([
    ['OTEL_BSP_MAX_QUEUE_SIZE', '-4'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '0'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '1e9'],
    ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 'many'],
    ['OTEL_BSP_SCHEDULE_DELAY', '-1'],
    ['OTEL_BSP_EXPORT_TIMEOUT', '1.5'],
  ])('refuses %s=%s by name: the SDK would drop every span without a report', (name, value) => {
    expect(() => resolveConfig({}, { [name]: value })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    expect(() => resolveConfig({}, { [name]: value })).toThrow(name);
  });

  it('has room for a synchronous burst of 20,000 spans, and takes the values of OTEL_BSP_*', () => {
    expect(resolveConfig({}, {}).spanExport.maxQueueSize).toBeGreaterThan(20_000);
    const env = {
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_BSP_EXPORT_TIMEOUT: '9000',
      OTEL_BSP_MAX_QUEUE_SIZE: '500',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '100',
    };
    expect(resolveConfig({}, env).spanExport).toMatchObject({
      scheduledDelayMs: 200,
      exportTimeoutMs: 9000,
      maxQueueSize: 500,
      maxExportBatchSize: 100,
    });
  });

  it('never makes batches larger than the queue', () => {
    expect(resolveConfig({}, { OTEL_BSP_MAX_QUEUE_SIZE: '500' }).spanExport.maxExportBatchSize).toBe(500);
  });

  it('reads the log level of the SDK in any case', () => {
    expect(resolveConfig({}, { OTEL_LOG_LEVEL: 'DEBUG' }).sdkLogLevel).toBe(DiagLogLevel.DEBUG);
  });

  it.each<[string, unknown, Env]>([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', {}, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }],
    ['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', {}, { OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json' }],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://host' }],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://host:port' }],
    ['TELEMETRY_EXPORTER_ENDPOINT', {}, { TELEMETRY_EXPORTER_ENDPOINT: 'not a host' }],
    ['otlp.endpoint', { otlp: { endpoint: '' } }, {}],
    ['otlp.endpoint', { otlp: { endpoint: 4317 } }, {}],
    ['otlp.timeoutMs', { otlp: { timeoutMs: 0 } }, {}],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', {}, { OTEL_EXPORTER_OTLP_TIMEOUT: '10s' }],
    ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', {}, { OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '-1' }],
    ['OTEL_EXPORTER_OTLP_HEADERS', {}, { OTEL_EXPORTER_OTLP_HEADERS: 'authorization' }],
    ['OTEL_EXPORTER_OTLP_HEADERS', {}, { OTEL_EXPORTER_OTLP_HEADERS: 'a=%zz' }],
    ['OTEL_RESOURCE_ATTRIBUTES', {}, { OTEL_RESOURCE_ATTRIBUTES: 'a=b,c' }],
    ['OTEL_TRACES_EXPORTER', {}, { OTEL_TRACES_EXPORTER: 'zipkin' }],
    ['OTEL_TRACES_EXPORTER', {}, { OTEL_TRACES_EXPORTER: 'prometheus' }],
    ['OTEL_METRICS_EXPORTER', {}, { OTEL_METRICS_EXPORTER: 'otlp,zipkin' }],
    ['OTEL_METRICS_EXPORTER', {}, { OTEL_METRICS_EXPORTER: 'otlp,none' }],
    ['OTEL_EXPORTER_PROMETHEUS_PORT', {}, { OTEL_EXPORTER_PROMETHEUS_PORT: '70000' }],
    ['PROMETHEUS_PORT', {}, { PROMETHEUS_PORT: 'http' }],
    ['metricsPage.port', { metricsPage: { port: 1.5 } }, {}],
    ['metricsPage.host', { metricsPage: { host: ' ' } }, {}],
    ['metricsPage.token', { metricsPage: { token: 'two words' } }, {}],
    ['metricsPage.tls', { metricsPage: { tls: { certFile: 'x', keyFile: '' } } }, {}],
    ['metricsPage.translationStrategy', { metricsPage: { translationStrategy: 'None' } }, {}],
    ['OTEL_METRIC_EXPORT_INTERVAL', {}, { OTEL_METRIC_EXPORT_INTERVAL: '0' }],
    ['OTEL_METRIC_EXPORT_TIMEOUT', {}, { OTEL_METRIC_EXPORT_TIMEOUT: 'soon' }],
    ['metricExportIntervalMs', { metricExportIntervalMs: Number.NaN }, {}],
    ['shutdownTimeoutMs', { shutdownTimeoutMs: 2 ** 40 }, {}],
    ['OTEL_LOG_LEVEL', {}, { OTEL_LOG_LEVEL: 'loud' }],
    ['serviceName', { serviceName: '' }, {}],
    ['environment', { environment: 7 }, {}],
  ])('refuses a bad %s by name', (name, options, env) => {
    const error = refusal(options, env);

    expect(error.option).toBe(name);
    expect(error.message).toContain(name);
    expect(error.allowed).not.toBe('');
  });

  it.each<[string, unknown, Env]>([
    ['a header that is not a pair', {}, { OTEL_EXPORTER_OTLP_HEADERS: 'a=b,secret' }],
    ['a header of another alphabet', {}, { OTEL_EXPORTER_OTLP_HEADERS: 'a=secret%0a' }],
    ['a header in the options', { otlp: { headers: { a: 'secret\n' } } }, {}],
    ['an endpoint', { otlp: { endpoint: 'http://user:secret@host:port' } }, {}],
    ['a header name', { otlp: { headers: { a: 'secret', 'b c': 'secret' } } }, {}],
  ])('never shows a secret: %s', (_what, options, env) => {
    const { message, value } = refusal(options, env);
    expect(message + String(value)).not.toContain('secret');
  });

  it('ignores the protocol of exporters that are off', () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' };

    expect(resolveConfig({ otlp: false }, env).traces).toBeUndefined();
  });
});
